import { DelayedError, UnrecoverableError, WaitingError, Worker, type Job } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { CANARY_ID } from "../core/canary.ts";
import type { Processor } from "../core/processor.ts";
import { OFTEN } from "../core/log-groups.ts";
import { settledBefore, sleep } from "../core/sleep.ts";
import type { Meter } from "../core/meter.ts";
import type { RedisCrashes } from "../ledger/crashes.ts";
import { HELD_MS } from "../ledger/gate.ts";
import type { Keys } from "../ledger/keys.ts";
import { addCommonOptions, eventOf, type JobData } from "./jobs.ts";
import { createLostLocks } from "./lost-locks.ts";
import { moveTogether } from "./move-together.ts";
import { runFetched } from "./run-fetched.ts";

export type WorkerOptions = {
  readonly redis: Redis;
  readonly queue: Keys["queue"];
  readonly name: string;
  readonly concurrency: number;
  readonly processor: Pick<Processor, "process">;
  readonly crashes: Pick<RedisCrashes, "excuse">;
  readonly log: Logger;
  readonly meter: Meter;
  /** Called when the canary ended. */
  readonly canaryEnded?: () => void;
  /** Called when no more jobs are taken although the worker is not closing. */
  readonly failed: (err: unknown) => void;
  /** Only for tests, which cannot wait for the real time. */
  readonly lockMs?: number | undefined;
};

/**
 * With this value another process starts a killed process's jobs within the lock and two checks. BullMQ's defaults of
 * 30 s would make that a minute.
 */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 1_500;
const BROUGHT_AGAIN_MS = 100;
/** How long an idle worker blocks on Redis. Shorter than the connection's timeout. */
const DRAIN_DELAY_S = 5;

/** Carries the pause before the next attempt from the processor to BullMQ's backoff. */
class Retry extends Error {
  override readonly name = "Retry";
  readonly afterMs: number;
  constructor({ message, stack = message }: Error, afterMs: number) {
    super(message);
    this.stack = stack;
    this.afterMs = afterMs;
  }
}

export type QueueWorker = {
  readonly isPaused: () => boolean;
  /** A lower number takes effect at once, a higher one when one of its jobs ends. */
  setConcurrency(concurrency: number): void;
  /** Takes no more jobs. Running ones continue. */
  pause(): Promise<void>;
  /** Ends the connections. Resolves at the latest when `signal` aborts. */
  close(signal: AbortSignal): Promise<void>;
};

/** Lets BullMQ hand jobs to the processor, and translates its outcomes back. */
export function startWorker({
  redis,
  queue,
  name,
  concurrency,
  processor,
  crashes,
  log,
  meter,
  canaryEnded = () => {},
  failed,
  lockMs = LOCK_MS,
}: WorkerOptions): QueueWorker {
  const lostLocks = createLostLocks({ crashes, lockMs, log });
  const worker = new Worker<JobData, string>(queue.name, run, {
    connection: redis,
    prefix: queue.prefix,
    name,
    concurrency,
    autorun: false,
    lockDuration: lockMs,
    stalledInterval: Math.min(STALLED_CHECK_MS, lockMs / 2),
    // A crash uses no attempt and never fails the job. The isolation decides how many crashes are too many.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    drainDelay: DRAIN_DELAY_S,
    settings: { backoffStrategy: (_attempts, _type, err) => (err instanceof Retry ? err.afterMs : 1_000) },
  });
  moveTogether(worker, { redis, name, lockMs });
  runFetched(worker);
  worker.on("error", (err) => log.debug({ err }, "worker connection"));
  worker.on("completed", ({ id }) => {
    if (id === CANARY_ID) canaryEnded();
  });
  worker.on("stalled", (id) => {
    if (id === CANARY_ID) return;
    meter.count("crashes", {});
    log.warn({ ...OFTEN, id }, "taken over: the process that ran this event ended or froze");
  });
  worker.on("lockRenewalFailed", (ids) => {
    meter.count("locks_lost", {}, ids.length);
    log.warn({ ...OFTEN, ids }, "job locks lost; the handlers go on here, another replica may start the jobs again");
    for (const id of ids) lostLocks.lost(id);
  });
  void worker.run().catch(failed);

  return {
    isPaused: () => worker.isPaused(),
    setConcurrency: (most) => void (worker.concurrency = most),
    pause: () => worker.pause(true),
    async close(signal) {
      if (await settledBefore(worker.close(), signal)) return;
      worker.disconnect().catch((err: unknown) => log.debug({ err }, "worker connection"));
    },
  };

  async function run(job: Job<JobData, string>, lock = ""): Promise<string> {
    addCommonOptions(job);
    // The processor decides on the number of attempts. BullMQ only counts.
    job.opts.attempts = job.attemptsMade + 2;
    const event = eventOf(job);
    const { attemptsStarted: start, stalledCounter: stalls } = job;
    const number = job.attemptsMade + 1;
    const startAfterStall = stalls > 0 ? start : undefined;
    const outcome = await lostLocks.hold({ event, attempt: number, start }, lock, () =>
      processor.process(event, { number, nth: start, startedBefore: start > 1, startAfterStall }),
    );
    switch (outcome.kind) {
      case "handled":
      case "dropped":
        return outcome.kind;
      case "held":
        await job.moveToDelayed(Date.now() + (outcome.afterMs ?? HELD_MS), lock);
        throw new DelayedError();
      case "returned":
        await job.moveToWait(lock);
        // If another event runs alone here, this one may arrive again at once.
        await sleep(BROUGHT_AGAIN_MS);
        throw new WaitingError();
      case "parked":
        throw Object.assign(new UnrecoverableError(outcome.error.message), { stack: outcome.error.stack });
      case "retry":
        if (outcome.usesAttempt === false) {
          await job.moveToDelayed(Date.now() + outcome.afterMs, lock);
          throw new DelayedError();
        }
        throw new Retry(outcome.error, outcome.afterMs);
      default:
        throw new Error(`unknown outcome ${JSON.stringify(outcome satisfies never)}`);
    }
  }
}
