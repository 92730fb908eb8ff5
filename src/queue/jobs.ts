import type { JobsOptions } from "bullmq";
import type { CallbackEvent } from "../core/event.ts";

/** An event as its job keeps it: the id is the job's own. */
export type JobData = Omit<CallbackEvent, "id">;

/** History for the operator; nothing rests on it, the ledger knows what was handled. */
const HISTORY = { age: 3_600, count: 1_000, bytes: 16 * 1024 * 1024 };

/** `bytes`: of the event's body. A large one leaves a short history behind, or a thousand of them would fill Redis. */
export function jobOptions(attempts: number, bytes = 0): JobsOptions {
  const count = Math.max(1, Math.min(HISTORY.count, Math.floor(HISTORY.bytes / Math.max(1, bytes))));
  return {
    attempts,
    backoff: { type: "custom" },
    removeOnComplete: { age: HISTORY.age, count },
    removeOnFail: false,
    stackTraceLimit: 3,
  };
}
