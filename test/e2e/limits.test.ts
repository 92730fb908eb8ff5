import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunNote, Script } from "../support/script.ts";
import { PROJECT } from "../support/process.ts";
import { scripted } from "../support/scripted-events.ts";
import { until } from "../support/until.ts";
import { setupDoors, setupWorld } from "../support/worker-process.ts";

const QUICK_LOCKS = [join(PROJECT, "bin/node"), join(PROJECT, "test/support/quick-locks-worker.ts")] as const;
const KEYS = 8;
const EVENTS = 96;

test("limits hold in three workers of which one is killed, through retries, and no event gets stuck", async () => {
  const { publish, start, allConfirmed, runs } = await setupWorld();
  const limits = JSON.stringify({ concurrency: 4, perSecond: 40, isOrdered: true });
  const launch = async () => await start({ TEST_LIMITS: limits, BACKOFF_MS: "100" }, { command: QUICK_LOCKS });
  const [killed] = await Promise.all([launch(), launch(), launch()]);
  for (let n = 0; n < EVENTS; n++) publish(`k${n % KEYS}:${n}`, { ms: 60, failures: n % 11 === 0 ? 1 : 0 });
  await until("it holds places", () => runs().filter(({ pid }) => pid === killed.pid).length > 2, {
    timeoutMs: 20_000,
  });
  killed.send("SIGKILL");
  await allConfirmed(60_000);

  const notes = runs();
  const handled = new Set(notes.filter(({ phase }) => phase === "success").map(({ key }) => key));
  expect(handled.size).toBe(EVENTS);
  expect(mostAtOnce(notes)).toBeLessThanOrEqual(4);
  for (let n = 0; n < KEYS; n++)
    expect(isOneAfterAnother(notes.filter(({ key }) => key.startsWith(`k${n}:`)))).toBe(true);
  expect(mostInASecond(notes.filter(({ phase }) => phase === "start").map(({ at }) => at))).toBeLessThanOrEqual(44);
});

test("the place of a killed process is free within 15 s, with the default lock time", async () => {
  const { publish, start, allConfirmed, phasesOf, runsOf, folder } = await setupWorld();
  const limits = { TEST_LIMITS: JSON.stringify({ concurrency: 1 }) };
  const [one, other] = await Promise.all([start(limits), start(limits)]);
  const mended = join(folder, "mended");
  publish("holder", { ms: 500, killsWithout: mended });
  await until("it has the only place", () => runsOf("holder").length > 0, { timeoutMs: 20_000 });
  publish("waits", {});
  await Promise.race([one.exited, other.exited]);
  await writeFile(mended, "");
  await allConfirmed(60_000);

  expect(phasesOf("holder")).toEqual(["start", "start", "success"]);
  const startOf = (key: string): number => runsOf(key)[0]?.at ?? NaN;
  const killedAt = startOf("holder") + 500;
  expect(startOf("waits") - killedAt).toBeLessThan(15_000);
  expect(startOf("waits")).toBeGreaterThanOrEqual(runsOf("holder").at(-1)?.at ?? NaN);
});

/** Two workers. The vendor calls the last one, so events arrive in the order of the calls. */
async function setupCalls(limits: { perSecond?: number; isOrdered?: boolean }) {
  const { doors, start, runs } = await setupDoors({ "tencent-vod-push": {} });
  const launch = async () => await start({ TEST_LIMITS: JSON.stringify(limits), BACKOFF_MS: "50" });
  await launch();
  await launch();
  return {
    runs,
    async call(key: string, script: Script) {
      const { answers } = await doors["tencent-vod-push"].send(scripted("tencent-vod", { key, script }));
      expect(answers).toEqual([200]);
    },
    successes: () => runs().filter(({ phase }) => phase === "success"),
  };
}

test("events of one key succeed in the order of their arrival, even with retries, and other keys run beside them", async () => {
  const { runs, call, successes } = await setupCalls({ isOrdered: true });
  const sent = Array.from({ length: 36 }, (_, n) => `k${n % 3}:${n}`);
  for (const [n, key] of sent.entries()) await call(key, { ms: 40, failures: n % 7 === 0 ? 1 : 0 });
  await until("all have succeeded", () => successes().length === sent.length, { timeoutMs: 30_000 });

  for (const start of ["k0:", "k1:", "k2:"]) {
    const own = (keys: readonly string[]) => keys.filter((key) => key.startsWith(start));
    expect(own(successes().map(({ key }) => key))).toEqual(own(sent));
  }
  expect(new Set(runs().map(({ pid }) => pid)).size).toBe(2);
  expect(mostAtOnce(runs())).toBeGreaterThan(1);
});

test("while events wait, as many start in a second as the rate limit allows, within a tenth", async () => {
  const { call, successes, runs } = await setupCalls({ perSecond: 10 });
  for (let n = 0; n < 60; n++) await call(`${n}`, {});
  await until("all have succeeded", () => successes().length === 60, { timeoutMs: 30_000 });

  const starts = runs().flatMap(({ phase, at }) => (phase === "start" ? [at] : []));
  // A busy machine may hold some of them up, and then others follow sooner.
  const usualMs = medianOf(apart(starts, 10));
  expect(usualMs).toBeGreaterThan(1_000 / 1.1);
  expect(usualMs).toBeLessThan(1_000 / 0.9);
});

/** The most events that ran at once. An event that starts again after its process was killed counts once. */
function mostAtOnce(notes: readonly RunNote[]): number {
  const running = new Set<string>();
  return Math.max(
    ...notes.map(({ phase, id }) => {
      if (phase === "start") running.add(id);
      else running.delete(id);
      return running.size;
    }),
  );
}

/** Whether each event began only after the previous one had succeeded, however many attempts that took. */
function isOneAfterAnother(notes: readonly RunNote[]): boolean {
  let current: string | undefined;
  return notes.every(({ phase, id }) => {
    if (current !== undefined && current !== id) return false;
    current = phase === "success" ? undefined : id;
    return true;
  });
}

/** The times between each start and the one that comes so many later. */
function apart(starts: readonly number[], count: number): readonly number[] {
  const inOrder = starts.toSorted((a, b) => a - b);
  return inOrder.slice(count).map((at, index) => at - (inOrder[index] ?? at));
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function mostInASecond(starts: readonly number[]): number {
  return Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 1_000).length));
}
