/** Plausible events of MediaConvert's jobs, as EventBridge puts them into a queue. No two are of the same job. */
import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../core/event.ts";

/** Fields that only events of this status have. */
const DETAILS: Readonly<Record<string, () => JsonObject>> = {
  INPUT_INFORMATION: () => ({
    inputDetails: [{ id: 1, uri: s3("in/summer.mov"), video: [{ streamId: 1, codec: "AVC" }] }],
  }),
  PROGRESSING: () => ({}),
  STATUS_UPDATE: () => ({ framesDecoded: 353, jobProgress: { jobPercentComplete: 51, currentPhase: "TRANSCODING" } }),
  COMPLETE: () => ({
    warnings: [],
    outputGroupDetails: [
      {
        type: "FILE_GROUP",
        outputDetails: [
          {
            outputFilePaths: [s3("out/summer.mp4")],
            durationInMs: 30_041,
            videoDetails: { widthInPx: 1920, heightInPx: 1080, averageBitrate: 4_500_000 },
          },
        ],
      },
    ],
  }),
  CANCELED: () => ({}),
  ERROR: () => ({ errorCode: 1040, errorMessage: "Example error message" }),
  NEW_WARNING: () => ({ warnings: [{ code: 230_001, count: 1 }] }),
  QUEUE_HOP: () => ({ priorQueue: `${ARN}:queues/Reserved` }),
};

const ACCOUNT = "000000000000";
const REGION = "eu-west-1";
const ARN = `arn:aws:mediaconvert:${REGION}:${ACCOUNT}`;

/** Every status that a job reports. */
export const STATUSES: readonly string[] = Object.keys(DETAILS);

/** An event of a job with this status. For an unknown status it has only the common fields. */
export function sampleOf(status: string): JsonObject {
  const now = new Date();
  const jobId = `${now.getTime()}-${randomUUID().slice(0, 6)}`;
  const more = Object.hasOwn(DETAILS, status) ? DETAILS[status]?.() : {};
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "MediaConvert Job State Change",
    source: "aws.mediaconvert",
    account: ACCOUNT,
    time: now.toISOString().replace(/\.\d+Z$/, "Z"),
    region: REGION,
    resources: [`${ARN}:jobs/${jobId}`],
    detail: {
      timestamp: now.getTime(),
      accountId: ACCOUNT,
      queue: `${ARN}:queues/Default`,
      jobId,
      status,
      userMetadata: {},
      ...more,
    },
  };
}

function s3(path: string): string {
  return `s3://example-bucket/${path}`;
}
