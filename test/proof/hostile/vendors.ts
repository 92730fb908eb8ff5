/** The three vendors that push, with their real samples and their proof that a call is genuine. */
import { createAlibabaVodReceiver } from "../../../src/vendors/alibaba-vod/push/receiver.ts";
import { signatureOf } from "../../../src/vendors/alibaba-vod/push/signing.ts";
import { EVENT_TYPES as ALIBABA_TYPES, sampleOf } from "../../../src/simulators/alibaba-vod/samples.ts";
import { pushSignatureOf } from "../../../src/vendors/tencent-vod/push/signing.ts";
import { createTencentVodReceiver } from "../../../src/vendors/tencent-vod/push/receiver.ts";
import { createSamples, EVENT_TYPES as TENCENT_TYPES } from "../../../src/simulators/tencent-vod/samples.ts";
import { createZegoReceiver } from "../../../src/vendors/zegocloud/push/receiver.ts";
import {
  createSamples as createZegoSamples,
  EVENT_KINDS as ZEGO_KINDS,
} from "../../../src/simulators/zegocloud/samples.ts";
import type { Receiver } from "../../../src/core/receiver.ts";
import { jobEvent } from "../../vendors/aws-mediaconvert/pull/simulated.ts";
import { LEGACY } from "../../vendors/tencent-vod/push/legacy-samples.ts";
import { proofFields } from "../../vendors/zegocloud/push/calls.ts";
import { withMembers } from "./payloads.ts";

type Headers = Readonly<Record<string, string>>;

export type PushingVendor = {
  readonly name: "tencent-vod" | "alibaba-vod" | "zegocloud";
  readonly samples: readonly object[];
  /** Checks its callers. Its clock stands still, since a long run would outlast the proofs. */
  readonly receiver: Receiver;
  /** Accepts every call. Only the secret path keeps strangers out. */
  readonly open?: Receiver;
  /** Sends this JSON object like the vendor at that time, signed with the vendor's secret or with `secret`. */
  seal(object: string, seconds: number, secret?: string): { readonly headers: Headers; readonly text: string };
};

const SECRET = "hostile-secret-of-the-vendor";
/** The vendor's address for callbacks. It differs from the address at which the server listens. */
const CALLBACK_URL = "https://callbacks.example.com/from-alibaba";

/** The worker's settings for these vendors. */
export const ENV = {
  TENCENT_VOD_SIGN_KEY: SECRET,
  ALIBABA_VOD_AUTH_KEYS: SECRET,
  ALIBABA_VOD_CALLBACK_URLS: CALLBACK_URL,
  ZEGO_CALLBACK_SECRETS: SECRET,
};

export const NOW_SECONDS = 1_800_000_000;
const now = (): number => NOW_SECONDS * 1_000;

const tencentSamples = createSamples(1);
const zegoSamples = createZegoSamples(1, "3141592653");

export const TENCENT: PushingVendor = {
  name: "tencent-vod",
  samples: [
    ...TENCENT_TYPES.map((type) => objectOf(`{${tencentSamples.event(type, undefined, false)}}`)),
    ...LEGACY.map(([eventType, data]) => ({ version: "4.0", eventType, data })),
  ],
  receiver: createTencentVodReceiver({ signKeys: [SECRET], now }),
  open: createTencentVodReceiver({ signKeys: [], now }),
  seal(object, seconds, secret = SECRET) {
    const expires = String(seconds + 300);
    return {
      headers: {},
      text: withMembers(object, [`"Sign":"${pushSignatureOf(secret, expires)}"`, `"T":"${expires}"`]),
    };
  },
};

export const ALIBABA: PushingVendor = {
  name: "alibaba-vod",
  samples: ALIBABA_TYPES.map(sampleOf),
  receiver: createAlibabaVodReceiver({ callbackUrls: [CALLBACK_URL], authKeys: [SECRET], now }),
  open: createAlibabaVodReceiver({ callbackUrls: [], authKeys: [], now }),
  seal(object, seconds, secret = SECRET) {
    const timestamp = String(seconds);
    const signature = signatureOf(CALLBACK_URL, timestamp, secret);
    return { headers: { "x-vod-timestamp": timestamp, "x-vod-signature": signature }, text: object };
  },
};

export const ZEGO: PushingVendor = {
  name: "zegocloud",
  samples: ZEGO_KINDS.map((kind) => zegoSamples.fields(kind)),
  receiver: createZegoReceiver({ secrets: [SECRET], now }),
  seal(object, seconds, secret = SECRET) {
    const proof = JSON.stringify(proofFields(secret, seconds));
    return { headers: {}, text: withMembers(object, [proof.slice(1, -1)]) };
  },
};

/** The queue of the vendor that is only pulled from. */
export const JOBS: readonly object[] = ["COMPLETE", "ERROR", "STATUS_UPDATE"].map((status) => jobEvent(status));

export const PUSHING: readonly PushingVendor[] = [TENCENT, ALIBABA, ZEGO];

/** No message and no event may contain these. */
export const SECRETS: readonly string[] = [SECRET];

function objectOf(text: string): object {
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === "object" && parsed !== null ? parsed : {};
}
