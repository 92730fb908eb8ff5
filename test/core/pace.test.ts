import { expect, test } from "vitest";
import { Pace } from "../../src/core/pace.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";

async function note(pace: Pace, perSecond: number, ms: number): Promise<void> {
  for (let left = (perSecond * ms) / 1_000; left > 0; left--) {
    await pass(1_000 / perSecond);
    pace.note();
  }
}

test("the measured pace reaches the real one soon", async () => {
  useFakeClock();
  const pace = new Pace(100);

  await note(pace, 200, 500);

  expect(pace.perSecond()).toBeGreaterThan(190);
  expect(pace.perSecond()).toBeLessThan(210);
});

test("the measured pace fades when nothing comes any more", async () => {
  useFakeClock();
  const pace = new Pace(100);
  await note(pace, 200, 500);
  const before = pace.perSecond();

  await pass(100);
  expect(pace.perSecond()).toBeCloseTo(before / Math.E);
  await pass(1_000);

  expect(pace.perSecond()).toBeLessThan(0.01);
});

test("the pace is 0 before anything came", () => {
  expect(new Pace(100).perSecond()).toBe(0);
});
