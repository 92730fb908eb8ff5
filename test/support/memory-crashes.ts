import type { CrashCount, JobStart } from "../../src/core/isolation.ts";
import type { RedisCrashes } from "../../src/ledger/crashes.ts";
import type { MemoryJobs } from "./memory-jobs.ts";

/** For one attempt. `excused`: stalls before it, or that were no crashes. `alone`: isolated starts that have not ended. */
type Known = { readonly attempts: number; excused: number; readonly alone: Set<number> };

/** The crash counter without Redis. */
export function createMemoryCrashes(jobs: MemoryJobs) {
  const known = new Map<string, Known>();

  return {
    count: async (start) => note(start, () => {}),
    startAlone: async (start) => void note(start, ({ alone }) => alone.add(start.start)),
    giveBack: async (start) => void note(start, ({ alone }) => alone.delete(start.start)),
    async excuse(start, lock) {
      if (jobs.holds(start.event.id, lock)) return;
      note(start, (one) => {
        one.excused += 1;
        one.alone.delete(start.start);
      });
    },
  } satisfies RedisCrashes;

  function note({ event: { id }, attempt }: JobStart, change: (one: Known) => void): CrashCount {
    const job = jobs.counts(id);
    const attempts = attempt - 1;
    if (!job || job.failures !== attempts) return { crashes: 0, alone: 0 };
    const before = known.get(id);
    const excused = before ? job.stalls : 0;
    const one = before?.attempts === attempts ? before : { attempts, excused, alone: new Set<number>() };
    known.set(id, one);
    change(one);
    return { crashes: Math.max(0, job.stalls - one.excused), alone: one.alone.size };
  }
}
