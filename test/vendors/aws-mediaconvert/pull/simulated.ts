import { onTestFinished } from "vitest";
import type { Source } from "../../../../src/core/source.ts";
import {
  type SqsSimulator,
  type SqsSimulatorOptions,
  startSqsSimulator,
} from "../../../../src/simulators/aws-sqs/server.ts";
import {
  createMediaConvertSource,
  type MediaConvertSourceOptions,
} from "../../../../src/vendors/aws-mediaconvert/pull/source.ts";

export const KEYS = {
  accessKeyId: "AKIAEXAMPLEEXAMPLE12",
  secretAccessKey: "example/secret+of/tests/7x",
  sessionToken: "FwoGZXexampletoken9==",
};
export const QUEUE = "mediaconvert";

type Simulated = {
  readonly simulator: SqsSimulator;
  readonly create: (options?: Partial<MediaConvertSourceOptions>) => Source;
};

/** A simulated account and sources that ask it; gone when the test is. */
export async function simulated(options: Partial<SqsSimulatorOptions> = {}): Promise<Simulated> {
  const simulator = await startSqsSimulator({ ...KEYS, queues: [QUEUE], ...options });
  onTestFinished(() => simulator.close());
  const create = (sourceOptions: Partial<MediaConvertSourceOptions> = {}) =>
    createMediaConvertSource({ ...KEYS, queueUrl: simulator.queueUrl(QUEUE), ...sourceOptions });
  return { simulator, create };
}

/** As EventBridge puts it into the queue. */
export function jobEvent(status: string, detail: object = {}) {
  return {
    version: "0",
    id: "0d079340-135a-c8c6-95c2-41fb8f496c53",
    "detail-type": "MediaConvert Job State Change",
    source: "aws.mediaconvert",
    account: "000000000000",
    time: "2026-11-20T12:00:00Z",
    region: "eu-west-1",
    resources: ["arn:aws:mediaconvert:eu-west-1:000000000000:jobs/1763640000000-abc123"],
    detail: { timestamp: 1_763_640_000_000, jobId: "1763640000000-abc123", status, userMetadata: {}, ...detail },
  };
}
