import { expect, test } from "vitest";
import { secondRunsIn } from "./second-runs.ts";

const success = (key: string, at: number) => ({ phase: "success" as const, key, at });

test("the failover proof sorts second runs by the time of the event's first success", () => {
  const struck = { struckAt: 1_000, backAt: 3_000 };
  const runs = [
    success("noted before", 900),
    success("meanwhile", 2_000),
    success("later", 20_000),
    success("once", 900),
    { phase: "failure" as const, key: "once", at: 800 },
    ...["noted before", "meanwhile", "later"].map((key) => success(key, 30_000)),
  ];

  expect(secondRunsIn(runs, struck)).toEqual({ noteLost: 1, meanwhile: 1, later: 1 });
});
