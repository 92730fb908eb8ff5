/**
 * This process's worker of the queue. It can be rebuilt with new connections. The replaced worker renews the locks of
 * its running jobs until they end. So no handler is stopped, and no handler runs twice at once.
 */
import type { Redis } from "ioredis";
import type { Attempt } from "../core/processor.ts";
import type { CallbackEvent } from "../core/event.ts";
import { SILENCE_WHILE_WAITING_MS } from "./connection.ts";
import { settledBefore } from "../core/sleep.ts";
import { type QueueWorker, startWorker, type WorkerOptions } from "./worker.ts";

export type RebuiltWorkerOptions = Omit<WorkerOptions, "redis"> & {
  /** Opens a connection of its own for each worker. */
  readonly connect: () => Redis;
};

export type RebuiltWorker = Pick<QueueWorker, "pause" | "close"> & {
  /** How many jobs were started. */
  readonly started: () => number;
  /** Whether it would take a job now. */
  readonly hasPlace: () => boolean;
  /** How many jobs run. */
  readonly running: () => number;
  /** False: no more jobs are taken while one runs. A job that is already on its way may still arrive. */
  takeMore(isWanted: boolean): void;
  /** A higher number takes effect when one of its jobs ends. */
  setConcurrency(concurrency: number): void;
  rebuild(): void;
};

type Generation = {
  readonly worker: QueueWorker;
  readonly runs: Set<Promise<unknown>>;
  /** The first connection is for commands. The others wait for jobs. */
  readonly connections: readonly Redis[];
};

/** The wait after the last handler's end, in which BullMQ records that end if its connection works. */
const WRITE_MS = 5_000;

export function startRebuiltWorker(options: RebuiltWorkerOptions): RebuiltWorker {
  const { connect, processor, log } = options;
  let { concurrency } = options;
  let started = 0;
  let wantsMore = true;
  const retired = new Map<Generation, Promise<void>>();
  let current = build();

  return {
    started: () => started,
    hasPlace: () => wantsMore && !current.worker.isPaused() && current.runs.size < places(),
    running: () => current.runs.size + held(),
    pause: () => current.worker.pause(),

    async close(signal) {
      const endings = [current.worker.close(signal), ...retired.values()];
      await settledBefore(Promise.all(endings), signal);
      for (const generation of [current, ...retired.keys()]) disconnect(generation);
    },

    takeMore(isWanted) {
      wantsMore = isWanted;
      current.worker.setConcurrency(places());
    },

    setConcurrency(most) {
      concurrency = most;
      current.worker.setConcurrency(places());
    },

    rebuild() {
      const old = current;
      retired.set(old, retire(old));
      current = build();
    },
  };

  function build(): Generation {
    const redis = connect();
    const connections = [redis];
    // BullMQ waits for jobs on a private copy of the connection, and closes the copy only while Redis answers.
    const duplicate = redis.duplicate.bind(redis);
    redis.duplicate = (given) => {
      const copy = duplicate({ ...given, socketTimeout: SILENCE_WHILE_WAITING_MS });
      connections.push(copy);
      return copy;
    };
    const runs = new Set<Promise<unknown>>();
    const worker: QueueWorker = startWorker({
      ...options,
      redis,
      concurrency: places(),
      processor: { process: (event, attempt) => run(runs, event, attempt) },
      failed: (err) => {
        if (worker === current.worker) options.failed(err);
        else log.debug({ err }, "a worker that was replaced has ended");
      },
    });
    return { worker, runs, connections };
  }

  /** Jobs that a replaced worker still runs keep their places. */
  function places(): number {
    return wantsMore ? Math.max(1, concurrency - held()) : 1;
  }

  function held(): number {
    return [...retired.keys()].reduce((sum, { runs }) => sum + runs.size, 0);
  }

  async function run(runs: Set<Promise<unknown>>, event: CallbackEvent, attempt: Attempt) {
    started += 1;
    const running = processor.process(event, attempt);
    runs.add(running);
    try {
      return await running;
    } finally {
      runs.delete(running);
      if (runs !== current.runs) current.worker.setConcurrency(places());
    }
  }

  async function retire(old: Generation): Promise<void> {
    // Closing it now would give up its locks if a connection fails at that moment.
    await old.worker.pause();
    const [, ...waiting] = old.connections;
    for (const connection of waiting) connection.disconnect();
    // It may have taken one more job meanwhile.
    while (old.runs.size > 0) await Promise.allSettled(old.runs);
    await old.worker.close(AbortSignal.timeout(WRITE_MS));
    disconnect(old);
    retired.delete(old);
    current.worker.setConcurrency(places());
  }
}

function disconnect({ connections }: Generation): void {
  for (const connection of connections) connection.disconnect();
}
