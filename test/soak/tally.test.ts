import { expect, test } from "vitest";
import { Tally } from "../../bench/soak/tally.ts";

test("a tally tells what never succeeded, and what succeeded again", () => {
  const tally = new Tally(10);

  for (const n of [0, 1, 1, 1, 3]) tally.succeeded(n);
  tally.failed();

  expect(tally.read(3)).toEqual({ missing: 1, again: 2, failures: 1 });
  expect(tally.read(5)).toEqual({ missing: 2, again: 2, failures: 1 });
});

test("an event that a tally has no place for is no small matter", () => {
  expect(() => new Tally(10).succeeded(10)).toThrow("event 10 is beyond the 10 that were expected");
});
