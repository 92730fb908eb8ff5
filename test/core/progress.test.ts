import { expect, test } from "vitest";
import { Progress, type Seen, type Verdict } from "../../src/core/progress.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";

const TERMS = { patienceMs: 15_000, lookMs: 1_500 };
const STUCK: Seen = { startable: 3, hasPlace: true, started: 7 };

function setup() {
  useFakeClock();
  const progress = new Progress(TERMS);
  return {
    progress,
    /** Looks at intervals of `lookMs` for `ms`. Resolves with all verdicts other than "fine". */
    async watch(ms: number, seen: (ms: number) => Seen | undefined): Promise<readonly Verdict[]> {
      const said: Verdict[] = [];
      for (let at = 0; at < ms; at += TERMS.lookMs) {
        await pass(TERMS.lookMs);
        said.push(progress.look(seen(at)));
      }
      return said.filter((verdict) => verdict !== "fine");
    },
  };
}

test("if jobs wait but nothing starts, the worker is rebuilt twice and then gives up", async () => {
  const { watch } = setup();
  expect(await watch(15_000, () => STUCK)).toEqual(["rebuild"]);
  expect(await watch(15_000, () => STUCK)).toEqual(["rebuild"]);
  expect(await watch(13_500, () => STUCK)).toEqual([]);
  expect(await watch(1_500, () => STUCK)).toEqual(["give-up"]);
});

test("the time without any start counts on through the rebuilds", async () => {
  const { progress, watch } = setup();
  await watch(42_000, () => STUCK);
  expect(progress.idleMs).toBe(42_000);
});

test("a start in between resets the time without any start", async () => {
  const { watch } = setup();
  await watch(30_000, () => STUCK);
  expect(await watch(13_500, () => ({ ...STUCK, started: 8 }))).toEqual([]);
  expect(await watch(16_500, () => ({ ...STUCK, started: 8 }))).toEqual(["rebuild", "rebuild"]);
});

test.for([
  ["nothing waits", { ...STUCK, startable: 0 }],
  ["there is no free place, or it is held", { ...STUCK, hasPlace: false }],
  ["Redis does not answer", undefined],
] as const)("while %s the queue does not count as stuck, nor right after it", async ([, seen]) => {
  const { watch } = setup();
  expect(await watch(120_000, () => seen)).toEqual([]);
  expect(await watch(13_500, () => STUCK)).toEqual([]);
});

test("a queue that runs empty now and then does not count as stuck", async () => {
  const { watch } = setup();
  expect(await watch(120_000, (at) => ({ ...STUCK, startable: at % 12_000 === 0 ? 0 : 1 }))).toEqual([]);
});

test("time in which the process itself was frozen does not count", async () => {
  const { progress } = setup();
  progress.look(STUCK);
  await pass(60_000);
  expect(progress.look(STUCK)).toBe("fine");
  expect(progress.idleMs).toBe(2 * TERMS.lookMs);
});
