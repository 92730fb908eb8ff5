import type { Left } from "../../src/core/inbox.ts";
import type { Attempt } from "../../src/core/processor.ts";
import type { CallbackEvent } from "../../src/core/event.ts";
import type { Carried } from "../../src/core/limits.ts";
import { createJob, type Job } from "./memory-job.ts";

/** As much of a job queue as an inbox and a worker can see: which jobs there are, and what became of them. */
export class MemoryJobs {
  readonly #jobs = new Map<string, Job>();
  #carried = 0;

  /** How many wait to be started. */
  get waiting(): number {
    return this.#in("waiting").length;
  }

  /** How many wait for their next attempt. */
  get paused(): number {
    return this.#in("delayed").length;
  }

  /** How many wait, run or are parked. */
  get unfinished(): number {
    return this.#in("waiting", "active", "delayed", "held", "due", "carried", "failed").length;
  }

  /** Does nothing when the id is known, in whatever state. */
  add(event: CallbackEvent, state: Job["state"] = "waiting"): void {
    if (!this.#jobs.has(event.id)) this.#jobs.set(event.id, createJob(event, state));
  }

  /** Those that wait to be started. */
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

  /** Whether it waits, runs or is parked. */
  isOpen(id: string): boolean {
    return this.has(id) && this.#jobs.get(id)?.state !== "completed";
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

  delayed(id: string): boolean {
    return ["delayed", "held", "due", "carried"].includes(this.#jobs.get(id)?.state ?? "");
  }

  held(id: string): boolean {
    return this.#jobs.get(id)?.state === "held";
  }

  /** Gone, or over. */
  isOver(id: string): boolean {
    return (this.#jobs.get(id)?.state ?? "completed") === "completed";
  }

  /** By a limit, without an attempt. */
  hold(id: string, state: "held" | "due" = "held"): void {
    this.#move(id, state);
  }

  /** A limit lets it start. */
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

  /** What an attempt leaves for the event's page. */
  leave(id: string, left: Left): void {
    this.#jobs.get(id)?.page.leave(left);
  }

  page(id: string): { readonly lines: readonly string[]; readonly progress: unknown } {
    const { lines = [], progress } = this.#jobs.get(id)?.page ?? {};
    return { lines, progress };
  }

  /** Starts the first job that waits. */
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

  /** It runs in the batch of another, where it lies. */
  carry(id: string): Carried {
    const job = this.#jobs.get(id);
    if (!job) throw new Error(`no job ${id}`);
    job.state = "carried";
    job.lock = `carried ${++this.#carried}`;
    job.started += 1;
    return { event: job.event, attempt: job.failures + 1, startedBefore: job.started > 1 };
  }

  /** Whether it was started again since that start. */
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

  /** Whether it still runs under this lock. */
  holds(id: string, lock: string): boolean {
    const job = this.#jobs.get(id);
    return job?.state === "active" && job.lock === lock;
  }

  /** Its pause is over, unless it was taken up before. */
  resume(id: string, lock: string): void {
    const job = this.#jobs.get(id);
    if (job?.state === "delayed" && job.lock === lock) job.state = "waiting";
  }

  /** Back to the waiting ones, since its lock ran out. */
  stall(id: string): void {
    this.#move(id, "waiting");
    const job = this.#jobs.get(id);
    if (job) job.stalls += 1;
  }

  /** How often its lock ran out, and how many attempts ended. */
  counts(id: string): { readonly stalls: number; readonly failures: number } | undefined {
    return this.#jobs.get(id);
  }

  /** Back to the waiting ones: given back, or by the operator's retry. */
  retry(id: string): void {
    this.#move(id, "waiting");
  }

  /** An attempt failed; the next comes later. */
  delay(id: string): void {
    this.#move(id, "delayed");
    this.#countFailure(id);
  }

  /** The same, but the attempt does not count. */
  putOff(id: string): void {
    this.#move(id, "delayed");
  }

  /** Its last attempt failed. */
  park(id: string): void {
    this.#move(id, "failed");
    this.#countFailure(id);
  }

  /** Removes it, unless it runs or is finished; whether it did. */
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

  /** History is short: a finished job may be dropped at any time. */
  evict(id: string): void {
    if (this.#jobs.get(id)?.state === "completed") this.remove(id);
  }

  /** Those that an operator can remove: all but the ones that run. */
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
