/** What the worker of a soak is told, and the environment that comes of it. */
import { z } from "zod";
import { CREDENTIALS, MNS_KEYS, SIGN_KEY, SQS_KEYS } from "../parts/credentials.ts";
import { LEAKS } from "./leaks.ts";
import { VendorAddresses } from "./replies.ts";

export const WorkerSettings = z.object({
  redisUrl: z.string(),
  vendors: VendorAddresses,
  concurrency: z.number(),
  windowMs: z.number(),
  graceMs: z.number(),
  callsPerSecond: z.number(),
  mostEvents: z.number(),
  allDoors: z.boolean(),
  leaks: z.array(z.enum(LEAKS)),
});
export type WorkerSettings = z.infer<typeof WorkerSettings>;

export function environmentOf({ redisUrl, vendors, ...settings }: WorkerSettings): Record<string, string> {
  return {
    TENCENTCLOUD_SECRET_ID: CREDENTIALS.secretId,
    TENCENTCLOUD_SECRET_KEY: CREDENTIALS.secretKey,
    TENCENT_VOD_ENDPOINT: vendors.tencentUrl,
    TENCENT_VOD_MAX_QPS: String(settings.callsPerSecond),
    TENCENT_VOD_CONFIRM_WINDOW_MS: String(settings.windowMs),
    ...(settings.allDoors && { TENCENT_VOD_SIGN_KEY: SIGN_KEY }),
    ALIBABA_CLOUD_ACCESS_KEY_ID: MNS_KEYS.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: MNS_KEYS.accessKeySecret,
    ALIBABA_MNS_ENDPOINT: vendors.mnsUrl,
    ALIBABA_MNS_QUEUES: "vod-events",
    AWS_ACCESS_KEY_ID: SQS_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: SQS_KEYS.secretAccessKey,
    AWS_MEDIACONVERT_QUEUE_URLS: vendors.sqsQueueUrl,
    CONFIRM_GRACE_MS: String(settings.graceMs),
    REDIS_URL: redisUrl,
    CONCURRENCY: String(settings.concurrency),
    PORT: "0",
  };
}
