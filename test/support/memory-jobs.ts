import type { CallbackEvent } from "../../src/core/types.ts";

type Job = { readonly event: CallbackEvent; state: "waiting" | "active" | "failed" | "completed"; ran: boolean };

/** As much of a job queue as an inbox can see: which jobs there are, and what became of them. */
export class MemoryJobs {
  readonly #jobs = new Map<string, Job>();
  #waiting = 0;

  /** How many wait to be started. */
  get waiting(): number {
    return this.#waiting;
  }

  /** How many wait, run or are parked. */
  get unfinished(): number {
    return [...this.#jobs.values()].filter(({ state }) => state !== "completed").length;
  }

  /** Does nothing when the id is known, in whatever state. */
  add(event: CallbackEvent): void {
    if (this.#jobs.has(event.id)) return;
    this.#jobs.set(event.id, { event, state: "waiting", ran: false });
    this.#waiting += 1;
  }

  ids(): string[] {
    return [...this.#jobs.keys()];
  }

  event(id: string): CallbackEvent | undefined {
    return this.#jobs.get(id)?.event;
  }

  has(id: string): boolean {
    return this.#jobs.has(id);
  }

  /** `id`, or the first of `id-2`, `id-3`, ... that no job has. */
  freeId(id: string): string {
    let free = id;
    for (let n = 2; this.#jobs.has(free); n++) free = `${id}-${n}`;
    return free;
  }

  parked(id: string): boolean {
    return this.#jobs.get(id)?.state === "failed";
  }

  ran(id: string): boolean {
    return this.#jobs.get(id)?.ran ?? false;
  }

  noteRun(id: string): void {
    const job = this.#jobs.get(id);
    if (job) job.ran = true;
  }

  /** Starts the oldest job that waits. */
  take(): CallbackEvent | undefined {
    for (const [id, job] of this.#jobs) {
      if (job.state !== "waiting") continue;
      this.#move(id, "active");
      return job.event;
    }
    return undefined;
  }

  /** Back to the waiting ones: after a crash, or by the operator's retry. */
  retry(id: string): void {
    this.#move(id, "waiting");
  }

  /** As when the lock of a process that died is found out. */
  giveBack(id: string): void {
    if (this.#jobs.get(id)?.state === "active") this.retry(id);
  }

  /** Its last attempt failed. */
  park(id: string): void {
    this.#move(id, "failed");
  }

  finish(id: string): void {
    this.#move(id, "completed");
  }

  remove(id: string): void {
    this.#move(id, "completed");
    this.#jobs.delete(id);
  }

  /** History is short: a finished job may be dropped at any time. */
  evict(id: string): void {
    if (this.#jobs.get(id)?.state === "completed") this.remove(id);
  }

  clear(): void {
    this.#jobs.clear();
    this.#waiting = 0;
  }

  #move(id: string, state: Job["state"]): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#waiting += Number(state === "waiting") - Number(job.state === "waiting");
    job.state = state;
  }
}
