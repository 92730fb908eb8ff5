import { expect, test } from "vitest";
import { secondRuns } from "./second-runs.ts";
import type { Incident } from "./stage.ts";

const AWAY = "Redis is killed and comes back";

/** The first run starts at 10 s. The second starts at 40 s, in another process. */
function reasonsFor(...incidents: readonly Incident[]): readonly (string | undefined)[] {
  const runs = [
    { pid: 1, start: 10_000, success: 45_000 },
    { pid: 2, start: 40_000, success: 41_000 },
  ];
  const event = { id: "ev-1", publishedAt: 9_000, confirmedAt: 50_000, deliveries: [], runs, succeededAt: 41_000 };
  return secondRuns(event, incidents).map(({ why }) => why);
}

test("the chaos check gives no reason for a second run if nothing happened", () => {
  expect(reasonsFor()).toEqual([undefined]);
});

test.each([
  ["a Redis that was away for half a job lock, less the time to reach it again", [[20_000, 24_100]], true],
  ["a Redis that was away for less", [[20_000, 23_900]], false],
  [
    "a Redis that went again before a worker could reach it",
    [
      [20_000, 22_000],
      [22_900, 24_500],
    ],
    true,
  ],
  [
    "a Redis that went again later",
    [
      [20_000, 22_000],
      [23_100, 25_000],
    ],
    false,
  ],
] as const)("the chaos check knows whether %s may have cost a job lock", (_, spells, isReason) => {
  const incidents = spells.map(([at, until]) => ({ what: AWAY, at, until }));
  expect(reasonsFor(...incidents)).toEqual([isReason ? "Redis was away for longer than a job lock" : undefined]);
});
