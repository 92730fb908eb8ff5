import type { Left } from "../../src/core/inbox.ts";
import type { Attempt } from "../../src/core/processor.ts";
import type { CallbackEvent } from "../../src/core/event.ts";
import type { Carried } from "../../src/core/limits.ts";
import { createJob, type Job } from "./memory-job.ts";

/** A job queue, as far as an inbox and a worker see it: the jobs and their states. */
export class MemoryJobs {
  readonly #jobs = new Map<string, Job>();
  #carried = 0;

  /** The number of jobs that wait to be started. */
  get waiting(): number {
    return this.#in("waiting").length;
  }

  /** The number of jobs that wait for their next attempt. */
  get paused(): number {
    return this.#in("delayed").length;
  }

  /** The number of jobs that wait, run or are parked. */
  get unfinished(): number {
    return this.#in("waiting", "active", "delayed", "held", "due", "carried", "failed").length;
  }

  /** Does nothing if a job with this id exists, in any state. */
  add(event: CallbackEvent, state: Job["state"] = "waiting"): void {
    if (!this.#jobs.has(event.id)) this.#jobs.set(event.id, createJob(event, state));
  }

  /** The ids of jobs that wait to be started. */
  startable(): string[] {
    return this.#in("waiting").map(({ event }) => event.id);
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

  /** True if the job waits, runs or is parked. */
  isOpen(id: string): boolean {
    return this.has(id) && this.#jobs.get(id)?.state !== "completed";
  }

  /** Returns `id`, or the first unused one of `id-2`, `id-3`, ... */
  freeId(id: string): string {
    let free = id;
    for (let n = 2; this.#jobs.has(free); n++) free = `${id}-${n}`;
    return free;
  }

  parked(id: string): boolean {
    return this.#jobs.get(id)?.state === "failed";
  }

  delayed(id: string): boolean {
    return ["delayed", "held", "due", "carried"].includes(this.#jobs.get(id)?.state ?? "");
  }

  held(id: string): boolean {
    return this.#jobs.get(id)?.state === "held";
  }

  /** True if the job is removed or completed. */
  isOver(id: string): boolean {
    return (this.#jobs.get(id)?.state ?? "completed") === "completed";
  }

  /** A limit holds the job. This counts no attempt. */
  hold(id: string, state: "held" | "due" = "held"): void {
    this.#move(id, state);
  }

  /** A limit lets the job start. */
  release(id: string): void {
    const state = this.#jobs.get(id)?.state;
    if (state === "held" || state === "due") this.#move(id, "waiting");
  }

  ran(id: string): boolean {
    return this.#jobs.get(id)?.ran ?? false;
  }

  succeededIn(id: string): number | undefined {
    return this.#jobs.get(id)?.succeededIn;
  }

  noteSuccess(id: string, attempt: number): void {
    const job = this.#jobs.get(id);
    if (job) job.succeededIn = attempt;
  }

  noteRun(id: string): void {
    const job = this.#jobs.get(id);
    if (job) job.ran = true;
  }

  /** Stores an attempt's lines and progress for the event's page. */
  leave(id: string, left: Left): void {
    this.#jobs.get(id)?.page.leave(left);
  }

  page(id: string): { readonly lines: readonly string[]; readonly progress: unknown } {
    const { lines = [], progress } = this.#jobs.get(id)?.page ?? {};
    return { lines, progress };
  }

  /** Starts the first waiting job. */
  take(lock: string): { readonly event: CallbackEvent; readonly attempt: Attempt } | undefined {
    const [job] = this.#in("waiting");
    if (!job) return undefined;
    Object.assign(job, { state: "active", lock });
    job.started += 1;
    const startAfterStall = job.stalls > 0 ? job.started : undefined;
    return {
      event: job.event,
      attempt: { number: job.failures + 1, nth: job.started, startedBefore: job.started > 1, startAfterStall },
    };
  }

  /** The job runs in another job's batch, and stays where it is in the queue. */
  carry(id: string): Carried {
    const job = this.#jobs.get(id);
    if (!job) throw new Error(`no job ${id}`);
    job.state = "carried";
    job.lock = `carried ${++this.#carried}`;
    job.started += 1;
    return { event: job.event, attempt: job.failures + 1, startedBefore: job.started > 1 };
  }

  /** True if the job was started again after start number `nth`. */
  isOutrun(id: string, nth: number | undefined): boolean {
    return nth !== undefined && (this.#jobs.get(id)?.started ?? 0) > nth;
  }

  setDown(id: string): void {
    const job = this.#jobs.get(id);
    if (job?.state === "carried") job.state = "held";
  }

  countStall(id: string): void {
    const job = this.#jobs.get(id);
    if (job) job.stalls += 1;
  }

  lockOf(id: string): string {
    return this.#jobs.get(id)?.lock ?? "";
  }

  /** True if the job still runs under this lock. */
  holds(id: string, lock: string): boolean {
    const job = this.#jobs.get(id);
    return job?.state === "active" && job.lock === lock;
  }

  /** Ends the pause before the next attempt, unless the job was taken since. */
  resume(id: string, lock: string): void {
    const job = this.#jobs.get(id);
    if (job?.state === "delayed" && job.lock === lock) job.state = "waiting";
  }

  /** The lock expired, so the job waits again. */
  stall(id: string): void {
    this.#move(id, "waiting");
    const job = this.#jobs.get(id);
    if (job) job.stalls += 1;
  }

  /** How often the lock expired, and how many attempts failed. */
  counts(id: string): { readonly stalls: number; readonly failures: number } | undefined {
    return this.#jobs.get(id);
  }

  /** The job waits again: a worker gave it back, or an operator retried it. */
  retry(id: string): void {
    this.#move(id, "waiting");
  }

  /** An attempt failed, and the next one comes later. */
  delay(id: string): void {
    this.#move(id, "delayed");
    this.#countFailure(id);
  }

  /** Like `delay`, but the attempt does not count. */
  putOff(id: string): void {
    this.#move(id, "delayed");
  }

  /** The last attempt failed. */
  park(id: string): void {
    this.#move(id, "failed");
    this.#countFailure(id);
  }

  /** Removes the job unless it runs or is finished. Returns whether it was removed. */
  removeIdle(id: string): boolean {
    const idle = this.#in("waiting", "delayed", "held", "due", "failed").some(({ event }) => event.id === id);
    if (idle) this.remove(id);
    return idle;
  }

  finish(id: string): void {
    this.#move(id, "completed");
  }

  remove(id: string): void {
    this.#jobs.delete(id);
  }

  /** Drops a finished job, which may happen at any time because history is short. */
  evict(id: string): void {
    if (this.#jobs.get(id)?.state === "completed") this.remove(id);
  }

  /** The events that an operator can remove: all except running ones. */
  idle(): CallbackEvent[] {
    return this.#in("waiting", "delayed", "held", "due", "failed", "completed").map(({ event }) => event);
  }

  clear(): void {
    this.#jobs.clear();
  }

  #in(...states: readonly Job["state"][]): Job[] {
    return [...this.#jobs.values()].filter(({ state }) => states.includes(state));
  }

  #move(id: string, state: Job["state"]): void {
    const job = this.#jobs.get(id);
    if (job) job.state = state;
  }

  #countFailure(id: string): void {
    const job = this.#jobs.get(id);
    if (job) job.failures += 1;
  }
}
