import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunNote } from "../support/scripted-handlers.ts";
import { PROJECT } from "../support/process.ts";
import { until } from "../support/until.ts";
import { setupWorld } from "../support/worker-process.ts";

const QUICK_LOCKS = [join(PROJECT, "bin/node"), join(PROJECT, "test/support/quick-locks-worker.ts")] as const;
const KEYS = 8;
const EVENTS = 96;

test("limits hold over three workers of which one is killed, through retries, and nothing is stuck", async () => {
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

/** Of events: one that is started again after its process was killed has one place. */
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

/** Each is begun only when the one before has succeeded, however many attempts that took. */
function isOneAfterAnother(notes: readonly RunNote[]): boolean {
  let current: string | undefined;
  return notes.every(({ phase, id }) => {
    if (current !== undefined && current !== id) return false;
    current = phase === "success" ? undefined : id;
    return true;
  });
}

function mostInASecond(starts: readonly number[]): number {
  return Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 1_000).length));
}
