import { array, assert, asyncProperty, constantFrom, integer, nat, oneof, record } from "fast-check";
import { expect, test } from "vitest";
import { CHAOS_MS, playOut, sum, type Tally } from "../support/model-world.ts";

/** The same schedules every time: a run must not find by chance what a change did not cause. More of them: set both. */
const RUNS = Number(process.env["MODEL_RUNS"] ?? 300);
const SEED = Number(process.env["MODEL_SEED"] ?? 1);

const happening = record({
  at: nat(CHAOS_MS - 30_000),
  body: oneof(
    { weight: 6, arbitrary: constantFrom("one of many", "another of many") },
    { weight: 4, arbitrary: nat().map((n) => `unique ${n}`) },
  ),
});

const schedule = (mostLosses: number) =>
  record({
    seed: integer(),
    receipts: constantFrom("strict" as const, "lenient" as const, "same" as const),
    happenings: array(happening, { minLength: 1, maxLength: 40, size: "max" }),
    crashes: array(nat(CHAOS_MS), { maxLength: 6, size: "max" }),
    losses: array(nat(CHAOS_MS), { maxLength: mostLosses, size: "max" }),
  });

/** Every schedule ends with nothing unconfirmed, nothing owed and no job left, or `playOut` rejects. */
async function playAll(mostLosses: number): Promise<Tally> {
  const played: Tally[] = [];
  const property = asyncProperty(schedule(mostLosses), async (one) => void played.push(await playOut(one)));
  await assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
  return sum(played);
}

test("one run pays for one confirmation, whatever crashes, is lost or comes late", { timeout: 600_000 }, async () => {
  const { happened, gone, stored, unheard, runs, excused, again, lostTwice } = await playAll(0);
  expect(gone).toBe(happened);
  expect(happened - stored, "swallowed").toBeLessThanOrEqual(unheard);
  expect(runs - stored, "handled and not stored").toBe(excused);
  expect(again, "handled again").toBeLessThanOrEqual(happened / 500);
  // What is promised under trouble means something only if there was some.
  expect(Math.min(unheard, excused, lostTwice)).toBeGreaterThan(RUNS / 10);
});

test("an emptied store costs second runs and never an event", { timeout: 600_000 }, async () => {
  const { happened, gone, stored, unheard } = await playAll(3);
  expect(gone).toBe(happened);
  expect(happened - stored, "swallowed").toBeLessThanOrEqual(unheard);
});
