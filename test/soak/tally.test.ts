import { expect, test } from "vitest";
import { Tally } from "../../bench/soak/tally.ts";

test("the soak lists events that never succeeded, and events that succeeded twice", () => {
  const tally = new Tally(10);

  for (const n of [0, 1, 1, 1, 3]) tally.succeeded(n);
  tally.failedAsPlanned(2, 1);

  expect(tally.read(3)).toEqual({ missing: 1, again: 2, failures: 1, surprises: [] });
  expect(tally.read(5)).toEqual({ missing: 2, again: 2, failures: 1, surprises: [] });
});

test("the soak keeps the first few reasons of unexpected failures", () => {
  const tally = new Tally(1);

  for (const n of [1, 1, 2, 3, 4, 5, 6]) tally.failed(`reason ${n}`);

  expect(tally.read(1)).toMatchObject({
    failures: 7,
    surprises: ["reason 1", "reason 2", "reason 3", "reason 4", "reason 5"],
  });
});

test("the soak counts the repeated attempts of events that were told to fail", () => {
  const tally = new Tally(1);

  tally.failedAsPlanned(0, 1);
  tally.failedAsPlanned(0, 2);
  expect(tally.read(1).surprises).toEqual([]);

  tally.failedAsPlanned(0, 2);
  expect(tally.read(1)).toMatchObject({ failures: 3, surprises: ["attempt 2 came again"] });
});

test("the soak fails if an event has an unknown number", () => {
  expect(() => new Tally(10).succeeded(10)).toThrow("event 10 is beyond the 10 that were expected");
});
