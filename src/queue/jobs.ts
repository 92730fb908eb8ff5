import type { Job, JobsOptions } from "bullmq";
import type { CallbackEvent } from "../core/event.ts";

/** An event as its job keeps it: the id is the job's own. */
export type JobData = Omit<CallbackEvent, "id"> & {
  /** For the search; handlers do not get them. They are stored before the body, see `open-page.lua`. */
  readonly subjects?: readonly string[];
};

/** The event of a job. */
export function eventOf({ id = "", data }: Pick<Job<JobData>, "id" | "data">): CallbackEvent {
  const { subjects: _, ...event } = data;
  return { id, ...event };
}

/**
 * Finished jobs that are kept for the operator. Nothing depends on them: the ledger knows which events were handled.
 */
const HISTORY = { age: 3_600, count: 1_000 };
const HISTORY_BYTES = 16 * 1024 * 1024;

/** BullMQ tells what happens to jobs in a stream. Nobody listens, so that it need not grow. */
export const STREAMS = { events: { maxLen: 100 } };

/**
 * The options that a job carries; BullMQ writes a number of attempts into each anyway. `bytes`: of the event's body. A
 * large one leaves a short history behind, or a thousand of them would fill Redis.
 */
export function jobOptions(attempts: number, bytes = 0): JobsOptions {
  const count = Math.max(1, Math.floor(HISTORY_BYTES / Math.max(1, bytes)));
  return count < HISTORY.count ? { attempts, removeOnComplete: { ...HISTORY, count } } : { attempts };
}

/** Adds the options that all events have alike. BullMQ needs them once it has the job, so they are not stored in it. */
export function addCommonOptions(job: Pick<Job, "opts">): void {
  job.opts = {
    removeOnComplete: HISTORY,
    removeOnFail: false,
    ...job.opts,
    backoff: { type: "custom" },
    stackTraceLimit: 3,
  };
}
