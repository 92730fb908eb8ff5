import type { Job, JobsOptions } from "bullmq";
import type { CallbackEvent } from "../core/event.ts";

/** An event as its job stores it. The id is the job's own. */
export type JobData = Omit<CallbackEvent, "id"> & {
  /** For the search only: handlers do not get them. They are stored before the body, see `open-page.lua`. */
  readonly subjects?: readonly string[];
};

/** The event of a job. */
export function eventOf({ id = "", data }: Pick<Job<JobData>, "id" | "data">): CallbackEvent {
  const { subjects: _, ...event } = data;
  return { id, ...event };
}

/**
 * How many finished jobs are kept, and how long. They are for the operator only: the ledger knows which events were
 * handled.
 */
export const HISTORY = { age: 3_600, count: 1_000 };
const HISTORY_BYTES = 16 * 1024 * 1024;

/** BullMQ reports job events in a stream. Nobody reads it, so it is kept short. */
export const STREAMS = { events: { maxLen: 100 } };

/**
 * The options of a job. BullMQ writes a number of attempts into each one anyway. `bytes`: the size of the event's body.
 * Large bodies get a short history, because a thousand of them would fill Redis.
 */
export function jobOptions(attempts: number, bytes = 0): JobsOptions {
  const count = Math.max(1, Math.floor(HISTORY_BYTES / Math.max(1, bytes)));
  return count < HISTORY.count ? { attempts, removeOnComplete: { ...HISTORY, count } } : { attempts };
}

/**
 * Adds the options that are equal for all events. BullMQ needs them when it runs a job, so they are not stored in each.
 */
export function addCommonOptions(job: Pick<Job, "opts">): void {
  job.opts = {
    removeOnComplete: HISTORY,
    removeOnFail: false,
    ...job.opts,
    backoff: { type: "custom" },
    stackTraceLimit: 3,
  };
}
