import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openEvents, press } from "../support/probes.ts";
import { PROJECT, type WorkerProcess } from "../support/process.ts";
import type { RunNote } from "../support/script.ts";
import { setupWorld } from "../support/worker-process.ts";

const QUICK_LOCKS = [join(PROJECT, "bin/node"), join(PROJECT, "test/support/quick-locks-worker.ts")] as const;
const NEIGHBOURS = Array.from({ length: 32 }, (_, n) => `neighbour ${n}`);

/** Two workers, each started again when it dies. */
async function setup() {
  const world = await setupWorld();
  const deaths: WorkerProcess[] = [];
  const living = new Set<WorkerProcess>();
  const over = new AbortController();
  onTestFinished(() => over.abort());
  for (let n = 0; n < 2; n++) void supervise();
  return { ...world, deaths, living };

  async function supervise(): Promise<void> {
    while (!over.signal.aborted) {
      // Rejects if the test ends while the worker starts.
      const worker = await world.start({ CONCURRENCY: "33" }, { command: QUICK_LOCKS }).catch(() => undefined);
      if (worker) await watch(worker);
    }
  }

  async function watch(worker: WorkerProcess): Promise<void> {
    living.add(worker);
    await worker.exited;
    living.delete(worker);
    deaths.push(worker);
  }
}

test("an event that kills its process is parked after seven crashes, and all other events are handled", async () => {
  const { publish, runs, runsOf, folder, fleet, deaths, living, allConfirmed } = await setup();
  const cured = join(folder, "cured");
  // They run side by side until the poison takes effect. Alone, each ends at once.
  for (const key of NEIGHBOURS) publish(key, { msBeside: 2_000 });
  publish("poison", { ms: 300, killsWithout: cured });

  await vi.waitFor(() => expect(fleet.counts().unconfirmed).toBe(1), { timeout: 60_000, interval: 100 });
  const worker = await vi.waitFor(
    async () => {
      const [one] = living;
      if (!one) throw new Error("no worker lives at this moment");
      expect(await openEvents(one)).toMatchObject([{ state: "parked" }]);
      return one;
    },
    { timeout: 60_000, interval: 100 },
  );

  const [parked] = await openEvents(worker);
  expect(parked?.reason).toContain(
    "crashed 7 times in a row while this event ran, the last 2 times with nothing else running",
  );
  expect(deaths).toHaveLength(7);
  expect(runsOf("poison")).toHaveLength(7);
  for (const key of NEIGHBOURS) expect(runsOf(key).at(-1), key).toMatchObject({ phase: "success", attempt: 1 });
  for (const last of runsOf("poison").slice(-2)) expect(runningBeside(runs(), last)).toEqual([]);

  writeFileSync(cured, "");
  await press(worker, "retry", { id: parked?.id ?? "" });
  await allConfirmed();
  expect(deaths).toHaveLength(7);
}, 120_000);

/** The events that the same process had started and not ended. */
function runningBeside(all: readonly RunNote[], { pid, key }: RunNote): readonly string[] {
  const mine = all.filter((note) => note.pid === pid && note.key !== key);
  const ended = new Set(mine.flatMap((note) => (note.phase === "start" ? [] : [note.key])));
  return mine.flatMap((note) => (note.phase === "start" && !ended.has(note.key) ? [note.key] : []));
}
