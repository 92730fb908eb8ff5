/**
 * Tencent VOD's normal callback: the event as PullEvents would give it, without a handle. The vendor waits 5 s and tries
 * twice more. The vendor either pushes the events of an application or lets us pull them. While this is changed, an event
 * may come through both doors. It is one event, since both have the same source and fingerprint.
 */
import { ForgedError } from "../../../core/errors.ts";
import { fingerprint } from "../../../core/fingerprint.ts";
import { storable } from "../../parsing/storable.ts";
import { topLevelMembers } from "../../parsing/top-level.ts";
import { isObject, type JsonObject, UNREADABLE } from "../../../core/event.ts";
import type { Receiver } from "../../../core/receiver.ts";
import { identityOf, sourceName, typeOf, VENDOR } from "../events/events.ts";
import { withoutNulls } from "../events/without-nulls.ts";
import { fromLegacy } from "./legacy-callback.ts";
import { isPushSignature } from "./signing.ts";

export type TencentVodReceiverOptions = {
  /** Without a key calls are not checked, and only an unguessable path keeps strangers out. Two keys are valid while the key is changed. */
  readonly signKeys: readonly string[];
  /** The application of these events. The body does not name it, so each application has a receiver and a path of its own. */
  readonly subAppId?: number | undefined;
  /** UNIX time in ms. */
  readonly now?: (() => number) | undefined;
};

/** Longer than all three tries of the vendor with their timeouts. */
export const MEMORY_MS = 60_000;
/** The vendor's timeout of 5 s, minus the time on the network. */
const PATIENCE_MS = 4_000;

/** The path of an application other than the default one ends in its SubAppId. */
export function createTencentVodReceiver(options: TencentVodReceiverOptions): Receiver {
  const { signKeys, subAppId, now = Date.now } = options;
  const source = sourceName(subAppId);

  return {
    vendor: VENDOR,
    source,
    path: `/callbacks/${source}`,
    memoryMs: MEMORY_MS,
    patienceMs: PATIENCE_MS,

    receive({ body: bytes }) {
      const text = new TextDecoder().decode(bytes);
      // Anyone may call, and parsing a megabyte takes up to 0.1 s. So a body without a visible signature is not parsed.
      if (signKeys.length > 0) verify(signatureIn(text));
      const call = parse(text);
      // Checked again, because a key that occurs twice may have shown another value before.
      if (signKeys.length > 0) verify(call);
      const { type, body } = read(call) ?? { type: UNREADABLE, body: { raw: withoutSignature(text) } };
      return [{ source, type, body, fingerprint: fingerprint(source, identityOf(body)) }];
    },
  };

  function verify(call: unknown): void {
    if (!isObject(call)) throw new ForgedError("the call's body is no JSON object, which would hold its signature");
    const { Sign: sign } = call;
    const expires = typeof call["T"] === "number" ? String(call["T"]) : call["T"];
    if (typeof sign !== "string" || typeof expires !== "string") {
      throw new ForgedError("the call carries no Sign or no T; is the key set at the vendor?");
    }
    // Only digits: with other characters, anyone who saw one signature could extend its MD5 to another T.
    if (!/^\d{1,12}$/.test(expires)) throw new ForgedError("the call's T is no UNIX time");
    if (!isPushSignature(sign, expires, signKeys)) throw new ForgedError("the call is signed with another key");
    const lateMs = now() - Number(expires) * 1000;
    if (lateMs > 0) {
      throw new ForgedError(
        `the call's signature ended ${Math.ceil(lateMs / 1000)} s ago; is this machine's clock right?`,
      );
    }
  }
}

/** A check that does not parse the whole body. */
function signatureIn(text: string): JsonObject {
  const members = topLevelMembers(text, ["sign", "t"]);
  return Object.fromEntries(
    [...members].map(([key, value]) => [key, value.length < MAX_MEMBER ? parse(value) : undefined]),
  );
}

/** Longer than any signature. */
const MAX_MEMBER = 300;

/** Undefined if the body is no storable event. */
function read(call: unknown): { readonly type: string; readonly body: JsonObject } | undefined {
  const kept = storable(call);
  if (!kept) return undefined;
  const { Sign: _, T: _expires, EventHandle: _handle, ...sent } = kept;
  const body = withoutNulls(storable(fromLegacy(sent)) ?? sent);
  return { type: typeOf(body), body };
}

/** The signature is removed, because everybody who has it can make calls until it expires. */
function withoutSignature(text: string): string {
  return text.replaceAll(/"(Sign|T)"\s*:\s*("[^"]*"|\d+)/g, '"$1":"(removed)"');
}

/** Parsed as the SDK parses pulled events: both doors must round numbers beyond 2^53 alike, or one event would be two. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
