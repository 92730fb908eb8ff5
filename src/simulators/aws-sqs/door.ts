/** MediaConvert through EventBridge and a queue of SQS, from which the worker pulls. */
import { type Door, inTurn, pulled } from "../kit/door.ts";
import { OF_PULLED, startTraffic } from "../kit/traffic.ts";
import type { Optional } from "../kit/settings.ts";
import { sampleOf, STATUSES } from "./samples.ts";
import { type SqsSimulator, type SqsSimulatorOptions, startSqsSimulator } from "./server.ts";

export type AwsSqsOptions = Optional<SqsSimulatorOptions>;

export type AwsSqsDoor = Door & { readonly simulator: SqsSimulator };

export async function openAwsSqs(options: AwsSqsOptions): Promise<AwsSqsDoor> {
  const { accessKeyId = "simulator", secretAccessKey = "simulator", sessionToken } = options;
  const simulator = await startSqsSimulator({ ...options, accessKeyId, secretAccessKey });
  const { queues } = simulator.settings;
  const nextStatus = inTurn(STATUSES);
  return {
    ...pulled(simulator),
    simulator,
    env: {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
      AWS_MEDIACONVERT_QUEUE_URLS: queues.map((queue) => simulator.queueUrl(queue)).join(","),
    },
    sample: (status = nextStatus()) => sampleOf(status),
    publish: (event = sampleOf(nextStatus())) => simulator.publish(event)[0] ?? "",
    startTraffic: (traffic) =>
      startTraffic(traffic, { open: () => simulator.stats().unconfirmed, next: publish, words: OF_PULLED }),
  };

  /** Statuses and queues take turns, each at its own pace, so that every pair comes up. */
  function publish(n: number): void {
    const queue = queues[Math.floor(n / STATUSES.length) % queues.length];
    simulator.publish(sampleOf(nextStatus()), { queue });
  }
}
