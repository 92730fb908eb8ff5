/**
 * Alibaba Cloud VOD's HTTP callbacks. Only the answer 200 counts as success. The vendor waits 5 s, tries twice more at
 * intervals of 1 s, and then gives the event up. If that is too little, let the vendor put the events into a queue.
 */
import { ForgedError } from "../../../core/errors.ts";
import { fingerprint } from "../../../core/fingerprint.ts";
import { UNREADABLE } from "../../../core/event.ts";
import type { PushedCall, Receiver } from "../../../core/receiver.ts";
import { readEvent, VENDOR } from "../events/events.ts";
import { isSigned } from "./signing.ts";

export type AlibabaVodReceiverOptions = {
  /** Exactly the text that is configured at the vendor, since the signature covers it. Two are valid while it is changed. */
  readonly callbackUrls: readonly string[];
  /** Without a key the signature is not checked, and only an unguessable path keeps strangers out. */
  readonly authKeys: readonly string[];
  /** UNIX time in ms. */
  readonly now?: (() => number) | undefined;
};

/** How old, or how early, a call may be, since clocks differ. All of the vendor's tries together take only seconds. */
const TOLERANCE_MS = 5 * 60_000;
/** Longer than all three tries of the vendor with their timeouts. */
const MEMORY_MS = 60_000;
/** The vendor's timeout of 5 s, minus the time on the network. */
const PATIENCE_MS = 4_000;

export function createAlibabaVodReceiver(options: AlibabaVodReceiverOptions): Receiver {
  const { callbackUrls, authKeys, now = Date.now } = options;
  if (authKeys.length > 0 && callbackUrls.length === 0) {
    throw new Error("an AuthKey needs the callback URL as well, since the signature covers it");
  }

  return {
    vendor: VENDOR,
    source: VENDOR,
    path: `/callbacks/${VENDOR}`,
    memoryMs: MEMORY_MS,
    patienceMs: PATIENCE_MS,

    receive({ headers, body: bytes }) {
      if (authKeys.length > 0) verify(headers);
      const text = new TextDecoder().decode(bytes);
      const { type, body } = readEvent(text) ?? { type: UNREADABLE, body: { raw: text } };
      return [{ source: VENDOR, type, body, fingerprint: fingerprint(VENDOR, body) }];
    },
  };

  function verify(headers: PushedCall["headers"]): void {
    const { "x-vod-timestamp": timestamp, "x-vod-signature": signature } = headers;
    if (timestamp === undefined || signature === undefined) {
      throw new ForgedError(
        "the call carries no X-VOD-TIMESTAMP or no X-VOD-SIGNATURE; is the AuthKey set at the vendor?",
      );
    }
    if (!/^\d{1,12}$/.test(timestamp)) throw new ForgedError("the call's X-VOD-TIMESTAMP is no UNIX time");
    if (!isSigned({ signature, timestamp }, callbackUrls, authKeys)) {
      throw new ForgedError("the call is signed with another AuthKey, or for another callback URL");
    }
    const ageMs = now() - Number(timestamp) * 1000;
    if (Math.abs(ageMs) > TOLERANCE_MS) {
      throw new ForgedError(`the call was signed ${Math.round(ageMs / 1000)} s ago; is this machine's clock right?`);
    }
  }
}
