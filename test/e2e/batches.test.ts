import { join } from "node:path";
import { expect, test } from "vitest";
import { runsByKey } from "../proof/chaos/runs.ts";
import { PROJECT } from "../support/process.ts";
import { keysUnder, setupRedis } from "../support/redis.ts";
import { IN_BATCH } from "../support/scripted-events.ts";
import { until } from "../support/until.ts";
import { setupWorld } from "../support/worker-process.ts";

const QUICK_LOCKS = [join(PROJECT, "bin/node"), join(PROJECT, "test/support/quick-locks-worker.ts")] as const;
const ROWS = 60;
const KILLS = 3;

test("after processes are killed in the middle of batches, other processes run these again, and no event is lost, forgotten or confirmed twice", async () => {
  const { redis, ...keyspace } = setupRedis();
  const { publish, start, allConfirmed, runs, seen, simulator } = await setupWorld({ redis: keyspace });
  const limits = JSON.stringify({ batch: { size: 10, lingerMs: 300 } });
  const launch = async () => await start({ TEST_LIMITS: limits, BACKOFF_MS: "100" }, { command: QUICK_LOCKS });
  /** The events that this process has begun and not ended. */
  const inHandsOf = (pid: number) =>
    [...runsByKey(runs())].flatMap(([key, own]) => {
      const last = own.findLast((run) => run.pid === pid);
      return last && last.success === undefined && last.failure === undefined ? [key] : [];
    });

  const workers = [await launch(), await launch()];
  const killed = new Set<number>();
  const interrupted = new Set<string>();
  let unconfirmed = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    for (let n = 0; n < ROWS; n++) publish(`${IN_BATCH}${kill}:${n}`, { ms: 300, failures: n % 20 === 0 ? 1 : 0 });
    const carrying = () => workers.findIndex(({ pid }) => inHandsOf(pid).length > 1);
    await until("one has a batch in its hands", () => carrying() !== -1, { timeoutMs: 30_000, pauseMs: 20 });
    const [victim] = workers.splice(carrying(), 1);
    victim?.send("SIGKILL");
    await victim?.exited;
    const pid = victim?.pid ?? 0;
    killed.add(pid);
    for (const key of inHandsOf(pid)) interrupted.add(key);
    const begun = new Set(runs().flatMap((note) => (note.pid === pid ? [note.key] : [])));
    unconfirmed += [...begun].filter((key) => seen(key).confirmations === 0).length;
    workers.push(await launch());
  }
  await allConfirmed(45_000);

  const all = runsByKey(runs());
  expect(all.size).toBe(KILLS * ROWS);
  expect(simulator.history().map(({ confirmations }) => confirmations)).toEqual(Array(KILLS * ROWS).fill(1));
  expect([...all.values()].filter((own) => own.at(-1)?.success === undefined)).toEqual([]);

  const repeated = [...all.values()].flatMap((own) => own.slice(0, -1).filter((run) => run.failure === undefined));
  console.log(
    `${all.size} events in batches, ${KILLS} kills: ${interrupted.size} interrupted, ${repeated.length} again`,
  );
  expect(repeated.filter(({ pid }) => !killed.has(pid))).toEqual([]);
  expect(interrupted.size).toBeGreaterThan(KILLS);
  expect(repeated.length).toBeGreaterThanOrEqual(interrupted.size);
  expect(repeated.length).toBeLessThanOrEqual(unconfirmed);

  // Once the last event is gone, so are all keys of batches.
  const ofBatches = /:(carried|gate-(events|places|waits|rests)):/;
  const left = async () => (await keysUnder(redis, keyspace.prefix)).filter((key) => ofBatches.test(key));
  await expect.poll(left).toEqual([]);
});
