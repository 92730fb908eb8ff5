import { describe, expect, test } from "vitest";
import { healthOf, HealthTracker, TERMS } from "../../src/core/health.ts";
import { type Problem, PROBLEM_CODES } from "../../src/core/problems.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";

const failing: Problem = { code: "pull-failing", source: "fake/1", fact: "HTTP 500", fix: "wait" };
const growing: Problem = { code: "parked-growing", fact: "more are parked", fix: "see why" };
const { afterMs, goneForMs } = TERMS["pull-failing"];

function setup() {
  useFakeClock();
  const tracker = new HealthTracker();
  return {
    tracker,
    /** Looks once a second for `ms`. Resolves with all states seen. */
    async states(ms: number, foundAt: (ms: number) => readonly Problem[]) {
      const seen = new Set<string>();
      for (let at = 0; at < ms; at += 1_000) {
        seen.add(tracker.look(foundAt(at)).state);
        await pass(1_000);
      }
      return [...seen];
    },
  };
}

describe("a problem", () => {
  test("counts once it has lasted long enough, from its beginning", async () => {
    const { tracker } = setup();
    const since = new Date().toISOString();

    expect(tracker.look([failing])).toEqual({ state: "ready", ready: true, problems: [] });
    await pass(afterMs - 1);
    expect(tracker.look([failing]).state).toBe("ready");
    await pass(1);
    expect(tracker.look([failing])).toEqual({ state: "not-ready", ready: false, problems: [{ ...failing, since }] });
  });

  test("that reports its own start time counts at the first look", async () => {
    const { tracker } = setup();
    await pass(60_000);
    const sinceMs = Date.now() - afterMs;

    expect(tracker.look([{ ...failing, sinceMs }]).problems).toEqual([
      { ...failing, since: new Date(sinceMs).toISOString() },
    ]);
  });

  test("that comes and goes never counts, however often it is seen", async () => {
    const { states } = setup();

    expect(await states(600_000, (at) => ((at / 1_000) % 10 === 9 ? [] : [failing]))).toEqual(["ready"]);
  });

  test("that reports a new start time does not count, even if every look sees it", async () => {
    const { states } = setup();

    expect(await states(600_000, () => [{ ...failing, sinceMs: Date.now() - 500 }])).toEqual(["ready"]);
  });

  test("that counts is over only after a while without it, and keeps its start time until then", async () => {
    const { tracker } = setup();
    const since = new Date().toISOString();
    tracker.look([failing]);
    await pass(afterMs);
    tracker.look([failing]);

    await pass(goneForMs - 1);
    expect(tracker.look([]).problems).toEqual([{ ...failing, since }]);
    expect(tracker.look([{ ...failing, sinceMs: Date.now() }]).problems).toEqual([{ ...failing, since }]);
    await pass(goneForMs);
    expect(tracker.look([])).toEqual({ state: "ready", ready: true, problems: [] });
  });

  test("is reported in its newest words", async () => {
    const { tracker } = setup();
    tracker.look([failing]);
    await pass(afterMs);

    expect(tracker.look([{ ...failing, fact: "HTTP 502" }]).problems).toMatchObject([{ fact: "HTTP 502" }]);
  });

  test("of one source is not mixed up with that of another", async () => {
    const { tracker } = setup();
    tracker.look([failing]);
    await pass(afterMs);
    tracker.look([failing]);

    expect(tracker.look([failing, { ...failing, source: "fake/2" }]).problems).toMatchObject([{ source: "fake/1" }]);
  });
});

test("problems that stop progress outrank those that only need attention, and come first", () => {
  const since = "2026-01-01T00:00:00.000Z";
  const [attention, blocking] = [
    { ...growing, since },
    { ...failing, since },
  ];
  expect(healthOf([])).toMatchObject({ state: "ready", ready: true });
  expect(healthOf([attention])).toMatchObject({ state: "attention", ready: true });
  expect(healthOf([attention, blocking])).toMatchObject({
    state: "not-ready",
    ready: false,
    problems: [blocking, attention],
  });
});

test("every problem code has its terms", () => {
  expect(Object.keys(TERMS).toSorted()).toEqual(PROBLEM_CODES.toSorted());
});
