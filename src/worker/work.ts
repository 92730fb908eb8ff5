/** The role `work`: takes jobs from the queue for the processor, and watches that this continues. */
import type { Redis } from "ioredis";
import type { Config } from "../config/config.ts";
import type { Problem } from "../core/problems.ts";
import { Processor } from "../core/processor.ts";
import type { ProcessorOptions } from "../core/processor-options.ts";
import { PROGRESS_TERMS, type ProgressTerms } from "../core/progress.ts";
import { repeat } from "../core/repeat.ts";
import { createCanary, type CanaryOptions } from "../queue/canary.ts";
import { createNotes, type NotesOptions } from "../queue/notes.ts";
import { createCrashes } from "../ledger/crashes.ts";
import { createStepStore } from "../ledger/steps.ts";
import type { Keys } from "../ledger/keys.ts";
import { connect } from "../queue/connection.ts";
import { type RebuiltWorker, startRebuiltWorker } from "../queue/rebuilt-worker.ts";
import { createStartable } from "../queue/startable.ts";
import type { RedisPlace } from "../settings/redis-url.ts";
import { type ProgressWatch, watchProgress } from "./progress.ts";
import { watchStrays } from "./watch-strays.ts";

/** The interval of the canary, the time until jobs of a killed process are recovered, and the limits for progress. */
type WorkTerms = ProgressTerms & { readonly canaryMs: number; readonly lockMs?: number };

export type WorkOptions = Omit<ProcessorOptions, "isolation" | "unhandled" | "note" | "showProgress" | "steps"> &
  Pick<CanaryOptions, "queue" | "isFull"> &
  NotesOptions & {
    readonly config: Pick<Config, "queue" | "unhandled">;
    /** For reading. Jobs are taken over separate connections. */
    readonly redis: Redis;
    readonly place: RedisPlace;
    readonly name: string;
    readonly keys: Keys;
    readonly failed: (err: unknown) => void;
    readonly terms?: Partial<WorkTerms> | undefined;
  };

const CANARY_MS = 60_000;
const STEPS_SWEPT_MS = 60_000;

export type Work = {
  readonly processor: Processor;
  start(): void;
  readonly problems: () => readonly Problem[];
  /** Takes no more events; running ones go on. */
  pause(): Promise<void>;
  /** Resolves when all is written down, at the latest when `signal` aborts. */
  close(signal: AbortSignal): Promise<void>;
};

export function createWork(options: WorkOptions): Work {
  const { config, redis, place, name, keys, log } = options;
  const terms = { ...PROGRESS_TERMS, canaryMs: CANARY_MS, ...options.terms };
  const canary = createCanary({ ...options, everyMs: terms.canaryMs });
  const { concurrency, maxCrashes } = config.queue;
  const crashes = createCrashes(redis, keys);
  const isolation = { crashes, maxCrashes, takeMore: (isWanted: boolean) => worker?.takeMore(isWanted) };
  const notes = createNotes(options);
  const steps = createStepStore(redis, keys);
  const processor = new Processor({ ...options, ...notes, steps, isolation, unhandled: config.unhandled });
  let worker: RebuiltWorker | undefined;
  let watch: ProgressWatch | undefined;
  let unwatchStrays: (() => void) | undefined;
  const stop = new AbortController();

  return {
    processor,
    start() {
      unwatchStrays ??= watchStrays();
      worker ??= startRebuiltWorker({
        ...options,
        queue: keys.queue,
        concurrency,
        crashes,
        lockMs: terms.lockMs,
        connect: () => connect({ place, name, log, use: "worker" }),
        processor: canary.around(processor),
        canaryEnded: () => canary.ended(),
      });
      watch ??= watchProgress({ ...options, startable: createStartable(redis, keys), worker, terms });
      canary.start();
      void repeat(() => steps.sweep(), {
        everyMs: STEPS_SWEPT_MS,
        signal: stop.signal,
        failed: (err) => log.debug({ err }, "a look at the results of steps failed"),
      });
    },
    problems: () => watch?.problems() ?? [],
    async pause() {
      watch?.stop();
      stop.abort();
      canary.stop();
      await worker?.pause();
    },
    async close(signal) {
      await worker?.close(signal);
      unwatchStrays?.();
    },
  };
}
