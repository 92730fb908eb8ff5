import type { Processor } from "../../../src/core/processor.ts";
import type { Outcome } from "../../../src/core/runs.ts";
import { toError } from "../../../src/core/failure.ts";
import { settledBefore, sleep } from "../../../src/core/sleep.ts";
import type { CallbackEvent } from "../../../src/core/event.ts";
import type { Link } from "./link.ts";
import type { Taken } from "./store.ts";
import type { World } from "./world.ts";

const CONCURRENCY = 8;
/** The time until a lock runs out and someone looks for jobs without a lock. */
const STALL_MS = { least: 10_000, most: 15_000 };
/** BullMQ's pause after errors that do not come from the handler. */
const FAILED_MS = 1_000;

export type RunnerOptions = {
  readonly world: World;
  readonly link: Link;
  readonly processor: Pick<Processor, "process">;
  /** Reports a job whose lock ran out without a crash. */
  readonly excuse: (job: Taken) => Promise<void>;
  readonly onEnd: (event: CallbackEvent, outcome: Outcome) => void;
};

/** Stands for BullMQ's worker. It takes jobs, passes them to the processor, and translates outcomes like our own worker. */
export class Runner {
  readonly #options: RunnerOptions;
  /** The jobs that the store regards as taken by this replica. */
  readonly #held = new Set<Taken>();
  readonly #processing = new Set<Taken>();
  readonly #running = new Set<Promise<void>>();
  #locks = 0;
  #paused = false;
  #wantsMore = true;
  #looking = false;
  #lookAgain = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Takes as many jobs as it can. */
  look(): void {
    this.#lookAgain = true;
    if (this.#looking) return;
    this.#looking = true;
    void this.#takeAll().finally(() => (this.#looking = false));
  }

  pause(): void {
    this.#paused = true;
  }

  /** If false, the runner takes no job while another one runs. */
  takeMore(isWanted: boolean): void {
    this.#wantsMore = isWanted;
    this.look();
  }

  async close(signal: AbortSignal): Promise<void> {
    await settledBefore(Promise.all(this.#running), signal);
  }

  /** All locks of this replica run out at the store after `afterMs` or later. The jobs may then start again anywhere. */
  loseLocks(afterMs: number): void {
    for (const job of this.#held) void this.#stall(job, afterMs);
  }

  async #takeAll(): Promise<void> {
    while (this.#lookAgain) {
      this.#lookAgain = false;
      while (!this.#paused && this.#running.size < (this.#wantsMore ? CONCURRENCY : 1)) {
        const job = await this.#take();
        if (!job) break;
        const run = this.#run(job).finally(() => {
          this.#running.delete(run);
          this.look();
        });
        this.#running.add(run);
      }
    }
  }

  async #take(): Promise<Taken | undefined> {
    const { link, world } = this.#options;
    const lock = `${link.name}:${++this.#locks}`;
    const taken: Taken[] = [];
    const taking = link.call("take", async () => {
      const one = await world.store.take(lock);
      if (!one) return undefined;
      taken.push(one);
      this.#held.add(one);
      // The process that took the job is dead.
      if (link.dead) void this.#stall(one, STALL_MS.least);
      return one;
    });
    const job = await taking.catch(() => {
      void this.#lookLater();
      return undefined;
    });
    for (const other of taken) if (other !== job) void this.#stall(other, STALL_MS.least);
    return job;
  }

  async #lookLater(): Promise<void> {
    await sleep(FAILED_MS);
    this.look();
  }

  async #run(job: Taken): Promise<void> {
    const { link, world, onEnd } = this.#options;
    this.#processing.add(job);
    world.limits.taken(job.event.id);
    const outcome = await this.#process(job);
    this.#processing.delete(job);
    world.trace(`${link.name} ended ${job.event.id} ${String(job.event.body["body"])}: ${outcome.kind}`);
    try {
      await link.call("end", async () => {
        await this.#end(job, outcome);
        onEnd(job.event, outcome);
      });
      this.#held.delete(job);
    } catch (err) {
      world.trace(`${link.name} cannot end ${job.event.id}: ${String(err)}`);
      void this.#stall(job, STALL_MS.least);
    }
  }

  async #process(job: Taken): Promise<Outcome> {
    try {
      return await this.#options.processor.process(job.event, job.attempt);
    } catch (err) {
      return { kind: "retry", error: toError(err), afterMs: FAILED_MS };
    }
  }

  async #end(job: Taken, outcome: Outcome): Promise<void> {
    const { store } = this.#options.world;
    switch (outcome.kind) {
      case "handled":
      case "dropped":
        await store.complete(job);
        return void this.#evict(job);
      case "held":
        return await store.hold(job, outcome.afterMs);
      case "returned":
        return await store.giveBack(job);
      case "parked":
        return await store.park(job);
      case "retry":
        if (outcome.usesAttempt === false) return await store.putOff(job, outcome.afterMs);
        return await store.delay(job, outcome.afterMs);
      default:
        throw new Error(`unknown outcome ${JSON.stringify(outcome satisfies never)}`);
    }
  }

  async #evict({ event }: Taken): Promise<void> {
    const { dice, store } = this.#options.world;
    if (!dice.chance(30)) return;
    await sleep(300 + dice.below(5_000));
    await store.evict(event.id);
  }

  #noteLoss({ event }: Taken): void {
    const { reference, limits } = this.#options.world;
    for (const { fingerprint } of [event, ...limits.carriedBy(event.id)]) reference.excuse(fingerprint, "lock lost");
    limits.lostLock(event.id);
  }

  async #stall(job: Taken, afterMs: number): Promise<void> {
    const { world, link } = this.#options;
    await sleep(afterMs + world.dice.below(STALL_MS.most - STALL_MS.least));
    await world.storeBack();
    if (!this.#held.has(job)) return;
    this.#held.delete(job);
    if (!(await world.store.stall(job))) return;
    world.trace(`${job.event.id}: its lock ran out`);
    if (!link.dead && this.#processing.has(job)) this.#noteLoss(job);
    if (!link.dead) await this.#options.excuse(job).catch(() => {});
  }
}
