/** Tencent VOD, from which the worker pulls. */
import { type Door, inTurn, pulled } from "../kit/door.ts";
import { OF_PULLED, startTraffic } from "../kit/traffic.ts";
import type { Optional } from "../kit/settings.ts";
import { EVENT_TYPES } from "./samples.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "./server.ts";

export type TencentVodOptions = Optional<SimulatorOptions> & {
  /** The types of the traffic's events. Default: all. */
  readonly types?: readonly string[] | undefined;
};

export type TencentVodDoor = Door & { readonly simulator: Simulator };

export async function openTencentVod({ types = EVENT_TYPES, ...options }: TencentVodOptions): Promise<TencentVodDoor> {
  const { secretId = "simulator", secretKey = "simulator", sessionToken, windowMs, subAppIds = [] } = options;
  const simulator = await startSimulator({ ...options, secretId, secretKey });
  const nextType = inTurn(types);
  return {
    ...pulled(simulator),
    simulator,
    env: {
      TENCENTCLOUD_SECRET_ID: secretId,
      TENCENTCLOUD_SECRET_KEY: secretKey,
      ...(sessionToken !== undefined && { TENCENTCLOUD_SESSION_TOKEN: sessionToken }),
      ...(subAppIds.length > 0 && { TENCENT_VOD_SUB_APP_IDS: subAppIds.join(",") }),
      ...(windowMs !== undefined && { TENCENT_VOD_CONFIRM_WINDOW_MS: String(windowMs) }),
      TENCENT_VOD_ENDPOINT: simulator.url,
    },
    sample: (type = nextType()) => simulator.sample(type),
    publish: (event = simulator.sample(nextType())) => simulator.publishBody(event)[0] ?? "",
    startTraffic: (traffic) =>
      startTraffic(traffic, { open: () => simulator.stats().unconfirmed, next: publish, words: OF_PULLED }),
  };

  /** Types and applications take turns, each at its own pace, so that every pair comes up. */
  function publish(n: number): void {
    const subAppId = subAppIds[Math.floor(n / types.length) % subAppIds.length];
    simulator.publish(nextType(), { subAppId });
  }
}
