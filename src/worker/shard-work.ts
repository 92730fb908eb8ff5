/** Takes the jobs of one shard, and watches that this continues. */
import type { Queue } from "bullmq";
import type { Logger } from "pino";
import type { Meter } from "../core/meter.ts";
import type { Problem } from "../core/problems.ts";
import type { Processor } from "../core/processor.ts";
import type { ProgressTerms } from "../core/progress.ts";
import type { RedisCrashes } from "../ledger/crashes.ts";
import { createCanary } from "../queue/canary.ts";
import { connect } from "../queue/connection.ts";
import type { JobData } from "../queue/jobs.ts";
import { type RebuiltWorker, startRebuiltWorker } from "../queue/rebuilt-worker.ts";
import type { Shard } from "../queue/shards.ts";
import { createStartable } from "../queue/startable.ts";
import { type ProgressWatch, watchProgress } from "./progress.ts";
import type { Using } from "./share-concurrency.ts";

/** The interval of the canary, the time until jobs of a killed process are recovered, and the limits for progress. */
export type WorkTerms = ProgressTerms & { readonly canaryMs: number; readonly lockMs?: number };

type ShardWorkOptions = {
  readonly shard: Shard;
  readonly queue: Queue<JobData>;
  readonly name: string;
  /** How many jobs may run, until `setConcurrency` changes it. */
  readonly concurrency: number;
  readonly processor: Pick<Processor, "process">;
  readonly crashes: RedisCrashes;
  /** This source's jobs are in this shard. */
  readonly learn: (source: string) => void;
  readonly isFull: () => boolean;
  readonly terms: WorkTerms;
  readonly failed: (err: unknown) => void;
  readonly log: Logger;
  readonly meter: Meter;
};

type ShardWork = Pick<RebuiltWorker, "pause" | "close" | "takeMore" | "setConcurrency"> & {
  start(): void;
  readonly problems: () => readonly Problem[];
  readonly using: () => Using;
};

export function createShardWork({ shard, learn, processor, ...options }: ShardWorkOptions): ShardWork {
  const { keys, place, redis } = shard;
  const { name, terms, log } = options;
  const canary = createCanary({ ...options, redis, keys, everyMs: terms.canaryMs });
  let { concurrency } = options;
  let worker: RebuiltWorker | undefined;
  let watch: ProgressWatch | undefined;

  return {
    start() {
      worker ??= startRebuiltWorker({
        ...options,
        queue: keys.queue,
        concurrency,
        lockMs: terms.lockMs,
        connect: () => connect({ place, name, log, use: "worker" }),
        processor: canary.around({
          process(event, attempt) {
            learn(event.source);
            return processor.process(event, attempt);
          },
        }),
        canaryEnded: () => canary.ended(),
      });
      watch ??= watchProgress({ ...options, startable: createStartable(redis, keys), worker });
      canary.start();
    },
    problems: () => watch?.problems() ?? [],
    using: () => ({ running: worker?.running() ?? 0, places: concurrency }),
    takeMore: (isWanted) => worker?.takeMore(isWanted),
    setConcurrency(most) {
      concurrency = most;
      worker?.setConcurrency(most);
    },
    async pause() {
      watch?.stop();
      canary.stop();
      await worker?.pause();
    },
    async close(signal) {
      await worker?.close(signal);
    },
  };
}
