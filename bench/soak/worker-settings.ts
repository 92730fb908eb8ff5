/** The settings of the soak's worker, and the environment made from them. */
import { z } from "zod";
import { LEAKS } from "./leaks.ts";
import { Vendors } from "./replies.ts";

export const WorkerSettings = z.object({
  redisUrl: z.string(),
  vendors: Vendors,
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
    ...vendors.env,
    TENCENT_VOD_MAX_QPS: String(settings.callsPerSecond),
    CONFIRM_GRACE_MS: String(settings.graceMs),
    REDIS_URL: redisUrl,
    CONCURRENCY: String(settings.concurrency),
    PORT: "0",
  };
}
