import { expect, test } from "vitest";
import { Tally } from "../../bench/soak/tally.ts";

test("a tally lists events that never succeeded, and events that succeeded twice", () => {
  const tally = new Tally(10);

  for (const n of [0, 1, 1, 1, 3]) tally.succeeded(n);
  tally.failedToOrder(2, 1);

  expect(tally.read(3)).toEqual({ missing: 1, again: 2, failures: 1, surprises: [] });
  expect(tally.read(5)).toEqual({ missing: 2, again: 2, failures: 1, surprises: [] });
});

test("a tally keeps the first few reasons of unexpected failures", () => {
  const tally = new Tally(1);

  for (const n of [1, 1, 2, 3, 4, 5, 6]) tally.failed(`reason ${n}`);

  expect(tally.read(1)).toMatchObject({
    failures: 7,
    surprises: ["reason 1", "reason 2", "reason 3", "reason 4", "reason 5"],
  });
});

test("a tally notices that an attempt which failed to order came again", () => {
  const tally = new Tally(1);

  tally.failedToOrder(0, 1);
  tally.failedToOrder(0, 2);
  expect(tally.read(1).surprises).toEqual([]);

  tally.failedToOrder(0, 2);
  expect(tally.read(1)).toMatchObject({ failures: 3, surprises: ["attempt 2 came again"] });
});

test("an event with an unknown number makes a tally fail", () => {
  expect(() => new Tally(10).succeeded(10)).toThrow("event 10 is beyond the 10 that were expected");
});
