import type { Logger } from "pino";
import type { JobStart } from "../core/isolation.ts";
import type { RedisCrashes } from "../ledger/crashes.ts";

type LostLocksOptions = {
  readonly crashes: Pick<RedisCrashes, "excuse">;
  readonly lockMs: number;
  readonly log: Logger;
};

type Held = { readonly start: JobStart; readonly lock: string; isExcused: boolean };

/** Reports that a running job's lock expired without a crash: this process is alive and still runs the job. */
export function createLostLocks({ crashes, lockMs, log }: LostLocksOptions) {
  const held = new Map<string, Held>();

  return {
    /** The job runs under this lock until `work` ends. */
    async hold<T>(start: JobStart, lock: string, work: () => Promise<T>): Promise<T> {
      const { id } = start.event;
      const job: Held = { start, lock, isExcused: false };
      const earlier = held.get(id);
      if (earlier) void excuse(earlier);
      held.set(id, job);
      const began = performance.now();
      try {
        return await work();
      } finally {
        // A job that blocked the event loop may end before anyone notices its expired lock.
        if (performance.now() - began > lockMs / 2) await excuse(job);
        if (held.get(id) === job) held.delete(id);
      }
    },

    lost(id: string): void {
      const job = held.get(id);
      if (job) void excuse(job);
    },
  };

  /** Never rejects. If it fails, the crash count is too high by one. At worst the event then runs alone. */
  async function excuse(job: Held): Promise<void> {
    if (job.isExcused) return;
    job.isExcused = true;
    try {
      await crashes.excuse(job.start, job.lock);
    } catch (err) {
      log.debug({ err, id: job.start.event.id }, "cannot note that a lost lock was no crash");
    }
  }
}
