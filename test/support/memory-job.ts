import type { CallbackEvent } from "../../src/core/event.ts";
import { MemoryPage } from "./memory-page.ts";

export type Job = {
  readonly event: CallbackEvent;
  /** `held`: by a limit. `due`: a limit lets it start a little later. `carried`: it runs in the batch of another. */
  state: "waiting" | "active" | "delayed" | "held" | "due" | "carried" | "failed" | "completed";
  /** Who took it last. */
  lock: string;
  started: number;
  /** How often its lock ran out. */
  stalls: number;
  failures: number;
  ran: boolean;
  readonly page: MemoryPage;
  succeededIn?: number;
};

export function createJob(event: CallbackEvent, state: Job["state"]): Job {
  return { event, state, lock: "", started: 0, stalls: 0, failures: 0, ran: false, page: new MemoryPage() };
}
