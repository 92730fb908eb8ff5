import { expect, test } from "vitest";
import { limitBreaks } from "./limit-breaks.ts";
import { LIMITS } from "./limits.ts";
import type { Run } from "./runs.ts";
import type { Incident } from "./stage.ts";
import { KILLED, REDIS_EMPTY } from "./troubles.ts";

const run = (start: number, success?: number, pid = 1): Run => ({
  pid,
  start,
  ...(success !== undefined && { success }),
});
type Entry = readonly [key: string, runs: readonly Run[]];
const breaks = (entries: readonly Entry[], incidents: readonly Incident[] = []) =>
  limitBreaks(new Map(entries), incidents);
const many = (count: number) => Array.from({ length: count }, (_, n): Entry => [`event ${n}`, [run(10, 90)]]);

test("the chaos check allows as many runs at once as the limit, and reports one more", () => {
  expect(breaks(many(LIMITS.concurrency))).toEqual([]);
  expect(breaks([...many(LIMITS.concurrency), ["late", [run(50, 60)]]])).toHaveLength(1);
});

test("the chaos check frees the place of an event that was killed, started elsewhere or lost", () => {
  const full = many(LIMITS.concurrency - 1);
  const late = ["late", [run(50, 60)]] as const;
  const dead = ["dead", [run(10, undefined, 2)]] as const;
  expect(breaks([...full, dead, late])).toHaveLength(1);
  expect(breaks([...full, dead, late], [{ what: KILLED, at: 40, until: 40, pid: 2 }])).toEqual([]);
  expect(breaks([...full, ["twice", [run(10, 95), run(40, 45, 2)]], late])).toEqual([]);
  expect(breaks([...full, dead, late], [{ what: REDIS_EMPTY, at: 20, until: 30 }])).toEqual([]);
});

test("the chaos check reports an event that runs before an earlier one of its key has succeeded, unless Redis lost its data", () => {
  const first = ["k:1", [{ pid: 1, start: 10, failure: 20 }, run(60, 70)]] as const;
  const early = ["k:2", [run(30, 40)]] as const;
  expect(breaks([first, early])).toHaveLength(1);
  expect(breaks([first, early], [{ what: REDIS_EMPTY, at: 25, until: 28 }])).toEqual([]);
  expect(breaks([first, early], [{ what: REDIS_EMPTY, at: 1, until: 5 }])).toHaveLength(1);
  expect(breaks([first, ["other:2", [run(30, 40)]], ["k:3", [run(70, 80)]]])).toEqual([]);
});
