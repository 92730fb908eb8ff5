import type { JobsOptions } from "bullmq";
import type { CallbackEvent } from "../core/event.ts";

/** An event as its job keeps it: the id is the job's own. */
export type JobData = Omit<CallbackEvent, "id">;

/** History for the operator; nothing rests on it, the ledger knows what was handled. */
const HISTORY = { age: 3_600, count: 1_000 };

export function jobOptions(attempts: number): JobsOptions {
  return {
    attempts,
    backoff: { type: "custom" },
    removeOnComplete: HISTORY,
    removeOnFail: false,
    stackTraceLimit: 3,
  };
}
