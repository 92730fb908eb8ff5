/** The role `work`: takes events from the queue for the processor, and watches that this goes on. */
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Meter } from "../core/meter.ts";
import type { Problem } from "../core/problems.ts";
import type { Processor } from "../core/processor.ts";
import { PROGRESS_TERMS, type ProgressTerms } from "../core/progress.ts";
import { createCanary, type CanaryOptions } from "../queue/canary.ts";
import type { Keys } from "../ledger/keys.ts";
import { connect } from "../queue/connection.ts";
import { type RebuiltWorker, startRebuiltWorker } from "../queue/rebuilt-worker.ts";
import { createStartable } from "../queue/startable.ts";
import { type ProgressWatch, watchProgress } from "./progress.ts";

/** How often a canary is sent, and what is expected of progress. */
type WorkTerms = ProgressTerms & { readonly canaryMs: number };

export type WorkOptions = Pick<CanaryOptions, "queue" | "isFull"> & {
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
  readonly terms?: Partial<WorkTerms> | undefined;
};

const CANARY_MS = 60_000;

export type Work = {
  start(): void;
  readonly problems: () => readonly Problem[];
  /** Takes no more events; running ones go on. */
  pause(): Promise<void>;
  /** Resolves when all is written down, at the latest when `signal` aborts. */
  close(signal: AbortSignal): Promise<void>;
};

export function createWork(options: WorkOptions): Work {
  const { redis, url, name, keys, log } = options;
  const terms = { ...PROGRESS_TERMS, canaryMs: CANARY_MS, ...options.terms };
  const canary = createCanary({ ...options, everyMs: terms.canaryMs });
  let worker: RebuiltWorker | undefined;
  let watch: ProgressWatch | undefined;

  return {
    start() {
      worker ??= startRebuiltWorker({
        ...options,
        queue: keys.queue,
        connect: () => connect({ url, name, log, use: "worker" }),
        processor: canary.around(options.processor),
        canaryEnded: () => canary.ended(),
      });
      watch ??= watchProgress({ ...options, startable: createStartable(redis, keys), worker, terms });
      canary.start();
    },
    problems: () => watch?.problems() ?? [],
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
