import { expect, test } from "vitest";
import { againstEarlier } from "../../bench/against.ts";
import type { Figures } from "../../bench/kit/row.ts";

test("the bench reports each figure that got worse by more than its noise, and no other", () => {
  const before: Figures = {
    rate: { better: "higher", values: [100, 110, 120] },
    cost: { better: "lower", values: [1, 1.1] },
    once: { better: "lower", values: [10] },
    gone: { better: "lower", values: [1] },
  };
  const now: Figures = {
    rate: { better: "higher", values: [80, 90, 95] },
    cost: { better: "lower", values: [1.05, 1.3] },
    once: { better: "lower", values: [11] },
  };

  expect(againstEarlier(now, before)).toEqual([
    "worse: rate: 110 (100 to 120) -> 90 (80 to 95)",
    "3 figures compared: 1 got worse beyond their noise",
  ]);
  expect(againstEarlier(before, now)).toEqual(["3 figures compared: nothing got worse beyond its noise"]);
});
