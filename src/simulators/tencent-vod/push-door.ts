/** Tencent VOD, which calls the worker. */
import { inTurn } from "../kit/door.ts";
import { pushed, type PushedDoor } from "../kit/pushed.ts";
import type { Optional } from "../kit/settings.ts";
import { createPusher, type PusherOptions } from "./pusher.ts";
import { createSamples, EVENT_TYPES } from "./samples.ts";

export type TencentPushOptions = Optional<PusherOptions> & {
  readonly seed?: number | undefined;
  /** The types of the traffic's events. Default: all. */
  readonly types?: readonly string[] | undefined;
};

export async function openTencentPush(options: TencentPushOptions): Promise<PushedDoor> {
  const { url, signKey = "simulator", seed, types = EVENT_TYPES, ...times } = options;
  const samples = createSamples(seed);
  const nextType = inTurn(types);
  return pushed({
    vendor: "tencent-vod",
    url,
    env: { TENCENT_VOD_SIGN_KEY: signKey },
    sample: (type = nextType()) => samples.object(type, false),
    senderTo(address) {
      const pusher = createPusher({ ...times, url: address, signKey });
      return {
        send: (event) => pusher.push(event),
        // The signature is part of the body. So this body is JSON, but nested too deep to be kept.
        sendBroken: () => pusher.push({ EventType: "NewFileUpload", deep: nested(200) }),
        close: () => pusher.close(),
      };
    },
  });
}

function nested(levels: number): unknown {
  return levels === 0 ? [] : [nested(levels - 1)];
}
