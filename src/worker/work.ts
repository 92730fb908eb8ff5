/** The role `work`: takes jobs from the queue for the processor, and watches that this continues. */
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Config } from "../config/config.ts";
import type { Problem } from "../core/problems.ts";
import { Processor } from "../core/processor.ts";
import type { ProcessorOptions } from "../core/processor-options.ts";
import { PROGRESS_TERMS } from "../core/progress.ts";
import { repeat } from "../core/repeat.ts";
import type { CanaryOptions } from "../queue/canary.ts";
import { createNotes } from "../queue/notes.ts";
import { createCrashes } from "../ledger/crashes.ts";
import { createStepStore } from "../ledger/steps.ts";
import type { Keys } from "../ledger/keys.ts";
import type { JobData } from "../queue/jobs.ts";
import type { Shard } from "../queue/shards.ts";
import { createShardWork, type WorkTerms } from "./shard-work.ts";
import { shareConcurrency } from "./share-concurrency.ts";
import { watchStrays } from "./watch-strays.ts";

export type WorkOptions = Omit<ProcessorOptions, "isolation" | "unhandled" | "note" | "showProgress" | "steps"> &
  Pick<CanaryOptions, "isFull"> & {
    readonly config: Pick<Config, "queue" | "unhandled">;
    /** For reading. Jobs are taken over separate connections. */
    readonly redis: Redis;
    readonly shards: readonly Shard[];
    /** The queue of each shard. */
    readonly queues: readonly Queue<JobData>[];
    readonly name: string;
    readonly keys: Keys;
    readonly failed: (err: unknown) => void;
    readonly terms?: Partial<WorkTerms> | undefined;
  };

const CANARY_MS = 60_000;
const STEPS_SWEPT_MS = 60_000;
const SHARED_MS = 1_000;

export type Work = {
  readonly processor: Processor;
  start(): void;
  readonly problems: () => readonly Problem[];
  /** Takes no more events; running ones go on. */
  pause(): Promise<void>;
  /** Resolves when every success is stored, or when `signal` aborts. */
  close(signal: AbortSignal): Promise<void>;
};

export function createWork(options: WorkOptions): Work {
  const { config, redis, shards, queues, keys, log } = options;
  const terms = { ...PROGRESS_TERMS, canaryMs: CANARY_MS, ...options.terms };
  const { concurrency, maxCrashes } = config.queue;
  const crashes = createCrashes(redis, keys);
  const takeMore = (isWanted: boolean) => parts.forEach((part) => part.takeMore(isWanted));
  const [first] = queues;
  if (!first) throw new Error("there is no queue");
  const notes = createNotes({ queueOf: (source) => queues[keys.shardOf(source)] ?? first, log });
  const steps = createStepStore(redis, keys);
  const isolation = { crashes, maxCrashes, takeMore };
  const processor = new Processor({ ...options, ...notes, steps, isolation, unhandled: config.unhandled });
  const shares = shareConcurrency(
    concurrency,
    shards.map(() => ({ running: 0, places: 0 })),
  );
  const parts = shards.map((shard, index) =>
    createShardWork({
      ...options,
      shard,
      queue: queues[index] ?? first,
      concurrency: shares[index] ?? 1,
      learn: (source) => keys.learn(source, index),
      crashes,
      processor,
      terms,
    }),
  );
  let unwatchStrays: (() => void) | undefined;
  const stop = new AbortController();

  return {
    processor,
    start() {
      unwatchStrays ??= watchStrays();
      for (const part of parts) part.start();
      void repeat(() => steps.sweep(), {
        everyMs: STEPS_SWEPT_MS,
        signal: stop.signal,
        failed: (err) => log.debug({ err }, "a look at the results of steps failed"),
      });
      if (parts.length > 1) void repeat(share, { everyMs: SHARED_MS, signal: stop.signal, failed: () => {} });
    },
    problems: () => parts.flatMap((part) => part.problems()),
    async pause() {
      stop.abort();
      await Promise.all(parts.map((part) => part.pause()));
    },
    async close(signal) {
      await Promise.all(parts.map((part) => part.close(signal)));
      unwatchStrays?.();
    },
  };

  async function share(): Promise<void> {
    const places = shareConcurrency(
      concurrency,
      parts.map((part) => part.using()),
    );
    for (const [index, part] of parts.entries()) part.setConcurrency(places[index] ?? 1);
  }
}
