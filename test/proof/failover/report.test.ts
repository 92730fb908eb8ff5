import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT } from "../../support/process.ts";
import { labelOf, reportOf, violationsOf } from "./report.ts";
import { FAILOVER_ROWS } from "./rows.ts";
import type { FailoverVerdict } from "./verdict.ts";

const COUNTS = { published: 1_000, confirmed: 1_000, unconfirmed: 0, lost: 0 };
const WELL: FailoverVerdict = {
  name: "the primary is killed",
  server: "Redis 7.0.15",
  waitReplicas: 1,
  published: 2_000,
  refused: 0,
  confirmed: 1_000,
  lostPulled: 0,
  lostPushed: 0,
  mayLosePushed: false,
  early: 0,
  secondRuns: 0,
  secondRunsBy: { noteLost: 0, meanwhile: 0, later: 0 },
  differences: [],
  counted: {
    vendor: { pulled: COUNTS, pushed: COUNTS },
    workers: { handled: 2_000, taken: 1_000, locksLost: 0, takenOver: 0 },
    successes: 2_000,
  },
  failovers: 1,
  resumedMs: 400,
  pausedMs: 2_000,
  tookMs: 36_000,
  leftOver: [],
  openRecords: [],
};

test("each row is a line, without and with a replica to wait for", () => {
  const without = { ...WELL, waitReplicas: 0, lostPushed: 30, refused: 1_000, resumedMs: 6_100 };
  const ranAgain = { ...WELL, secondRuns: 3, secondRunsBy: { noteLost: 1, meanwhile: 2, later: 0 } };

  expect(reportOf([without, ranAgain]).split("\n").slice(2)).toEqual([
    "| What happens | Pulled lost | Pushed lost | Early | Second runs | Pushes refused | Resumed after |",
    "|---|---|---|---|---|---|---|",
    "| The primary is killed | 0, 0 | **30**, 0 | 0, 0 | 0, 3 (1 noted before; 2 meanwhile) | 1,000, 0 | 6.1 s, 0.4 s |",
  ]);
});

test("the table in the docs has all rows of the proof, in their order", () => {
  const docs = readFileSync(join(PROJECT, "docs/reliability.md"), "utf8");
  const [, table = ""] = docs.split("\n## A primary that fails over\n");
  const labels = [...(table.split("\n## ")[0] ?? "").matchAll(/^\| (?!-|What happens)([^|]+) \|/gm)];

  expect(labels.map(([, label]) => label)).toEqual(FAILOVER_ROWS.map(({ name }) => labelOf(name)));
});

test("a run in which all held has no violations", () => {
  expect(violationsOf(WELL)).toEqual([]);
});

test.for<[string, Partial<FailoverVerdict>]>([
  ["a lost pulled event", { lostPulled: 1 }],
  ["an early confirmation", { early: 1 }],
  ["a lost callback that a replica was waited for", { lostPushed: 1 }],
  ["a second run without a reason", { secondRuns: 1, secondRunsBy: { noteLost: 0, meanwhile: 0, later: 1 } }],
  ["counts that differ", { differences: ["1 and 2"] }],
  ["no work for long", { resumedMs: 10_001 }],
  ["no work at all", { resumedMs: Infinity }],
])("%s is a violation", ([, changes]) => {
  expect(violationsOf({ ...WELL, ...changes })).toHaveLength(1);
});

test("a lost callback is no violation without a replica to wait for, or in a row that the docs name", () => {
  expect(violationsOf({ ...WELL, waitReplicas: 0, lostPushed: 1 })).toEqual([]);
  expect(violationsOf({ ...WELL, mayLosePushed: true, lostPushed: 1 })).toEqual([]);
});
