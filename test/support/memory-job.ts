import type { CallbackEvent } from "../../src/core/event.ts";
import { MemoryPage } from "./memory-page.ts";

export type Job = {
  readonly event: CallbackEvent;
  /** `held`: a limit stops it. `due`: a limit lets it start a little later. `carried`: it runs in another job's batch. */
  state: "waiting" | "active" | "delayed" | "held" | "due" | "carried" | "failed" | "completed";
  /** The lock of the last worker that took it. */
  lock: string;
  started: number;
  /** The number of times its lock expired. */
  stalls: number;
  failures: number;
  ran: boolean;
  readonly page: MemoryPage;
  succeededIn?: number;
};

export function createJob(event: CallbackEvent, state: Job["state"]): Job {
  return { event, state, lock: "", started: 0, stalls: 0, failures: 0, ran: false, page: new MemoryPage() };
}
