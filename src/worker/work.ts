/** The role `work`: takes events from the queue for the processor, and watches that this goes on. */
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Meter } from "../core/meter.ts";
import type { Problem } from "../core/problems.ts";
import type { Processor } from "../core/processor.ts";
import { PROGRESS_TERMS, type ProgressTerms } from "../core/progress.ts";
import type { Keys } from "../ledger/keys.ts";
import { connect } from "../queue/connection.ts";
import { type RebuiltWorker, startRebuiltWorker } from "../queue/rebuilt-worker.ts";
import { createStartable } from "../queue/startable.ts";
import { type ProgressWatch, watchProgress } from "./progress.ts";

export type WorkOptions = {
  /** For looking; events are taken over connections of its own. */
  readonly redis: Redis;
  readonly url: string;
  readonly name: string;
  readonly keys: Keys;
  readonly concurrency: number;
  readonly processor: Processor;
  readonly log: Logger;
  readonly meter: Meter;
  readonly failed: (err: unknown) => void;
  readonly terms?: ProgressTerms | undefined;
};

export type Work = {
  start(): void;
  readonly problems: () => readonly Problem[];
  /** Takes no more events; running ones go on. */
  pause(): Promise<void>;
  /** Resolves when all is written down, at the latest when `signal` aborts. */
  close(signal: AbortSignal): Promise<void>;
};

export function createWork(options: WorkOptions): Work {
  const { redis, url, name, keys, log, terms = PROGRESS_TERMS } = options;
  let worker: RebuiltWorker | undefined;
  let watch: ProgressWatch | undefined;

  return {
    start() {
      const { queue } = keys;
      worker ??= startRebuiltWorker({ ...options, queue, connect: () => connect({ url, name, log, use: "worker" }) });
      watch ??= watchProgress({ ...options, startable: createStartable(redis, keys), worker, terms });
    },
    problems: () => watch?.problems() ?? [],
    async pause() {
      watch?.stop();
      await worker?.pause();
    },
    async close(signal) {
      await worker?.close(signal);
    },
  };
}
