/** Alibaba Cloud VOD through a queue, from which the worker pulls. */
import { EVENT_TYPES, sampleOf } from "../alibaba-vod/samples.ts";
import { type Door, inTurn, pulled } from "../kit/door.ts";
import { OF_PULLED, startTraffic } from "../kit/traffic.ts";
import type { Optional } from "../kit/settings.ts";
import { type MnsSimulator, type MnsSimulatorOptions, startMnsSimulator } from "./server.ts";

export type AlibabaMnsOptions = Optional<MnsSimulatorOptions> & {
  /** True, the default: every second event of the traffic is in base64, as some clients send it. */
  readonly base64?: boolean | undefined;
};

export type AlibabaMnsDoor = Door & { readonly simulator: MnsSimulator };

export async function openAlibabaMns({ base64 = true, ...options }: AlibabaMnsOptions): Promise<AlibabaMnsDoor> {
  const { accessKeyId = "simulator", accessKeySecret = "simulator", securityToken } = options;
  const simulator = await startMnsSimulator({ ...options, accessKeyId, accessKeySecret });
  const nextType = inTurn(EVENT_TYPES);
  return {
    ...pulled(simulator),
    simulator,
    env: {
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
      ...(securityToken !== undefined && { ALIBABA_CLOUD_SECURITY_TOKEN: securityToken }),
      ALIBABA_MNS_QUEUES: simulator.settings.queues.join(","),
      ALIBABA_MNS_ENDPOINT: simulator.url,
    },
    sample: (type = nextType()) => sampleOf(type),
    publish: (event = sampleOf(nextType())) => simulator.publish(event)[0] ?? "",
    startTraffic: (traffic) =>
      startTraffic(traffic, { open: () => simulator.stats().unconfirmed, next: publish, words: OF_PULLED }),
  };

  /** Types and queues take turns, each at its own pace, so that every pair comes up. */
  function publish(n: number): void {
    const { queues } = simulator.settings;
    const queue = queues[Math.floor(n / EVENT_TYPES.length) % queues.length];
    simulator.publish(sampleOf(nextType()), { queue, base64: base64 && n % 2 === 1 });
  }
}
