import { expect } from "vitest";
import { scenario, type InboxSetup, type Trial } from "./inbox-trial.ts";

const PER_SECOND = 20;

export function quotaContract(setup: InboxSetup): void {
  scenario("a turn is granted at the inbox's own time", setup, async (t) => {
    const before = await t.now();
    const granted = await turns(t, 1);
    expect(granted[0]).toBeGreaterThanOrEqual(before);
    expect(granted[0]).toBeLessThanOrEqual(await t.now());
  });

  scenario(
    "no second holds more turns than the vendor allows, over all replicas",
    setup,
    async (t) => {
      const granted = await turns(t, PER_SECOND + 10);
      for (const [index, later] of granted.slice(PER_SECOND).entries())
        expect(later - (granted[index] ?? Infinity)).toBeGreaterThanOrEqual(1000 - SLACK_MS);
    },
    { maxCallsPerSecond: PER_SECOND },
  );

  scenario(
    "pulling does not use up the turns of confirming",
    setup,
    async (t) => {
      const began = await t.now();
      const pulls = turns(t, PER_SECOND + 10);
      const [confirm = Infinity] = await turns(t, 1, "confirm");
      // from then on the pulls' second is over as well
      await t.inTime(began + 1_000);
      const granted = await pulls;
      expect(confirm).toBeLessThan(granted.at(-1) ?? 0);
    },
    { maxCallsPerSecond: PER_SECOND },
  );

  scenario(
    "each turn tells how much of the quota all replicas use",
    setup,
    async (t) => {
      expect(t.inbox.used(t.source, "pull")).toBe(0);
      const started = await t.now();
      await turns(t, 9);
      // Only the replica of the last turn has heard of all of them.
      await turns(t, 1);
      await turns(t, 1, "confirm");
      const used = t.inbox.used(t.source, "pull");
      const least = (10 * fadedIn((await t.now()) - started)) / PER_SECOND - ROUNDED;
      expect(used).toBeGreaterThanOrEqual(least);
      expect(used).toBeLessThanOrEqual(10 / PER_SECOND + ROUNDED);
      expect(t.inbox.used(t.source, "confirm")).toBeLessThanOrEqual(1 / PER_SECOND + ROUNDED);
    },
    { maxCallsPerSecond: PER_SECOND },
  );

  scenario(
    "the reported use of the quota falls when nobody calls",
    setup,
    async (t) => {
      for (let n = 0; n < 5; n++) await t.inbox.turn(t.source, "pull");
      const before = t.inbox.used(t.source, "pull");
      await t.advance(1_000);
      const after = before * fadedIn(1_000 - SLACK_MS);
      expect(t.inbox.used(t.source, "pull")).toBeLessThanOrEqual(after);
      await t.inbox.turn(t.source, "pull");
      expect(t.inbox.used(t.source, "pull")).toBeLessThanOrEqual(after + 1 / PER_SECOND + ROUNDED);
    },
    { maxCallsPerSecond: PER_SECOND },
  );
}

/** Tolerance for an inbox that rounds to its clock's milliseconds. */
const SLACK_MS = 20;
const ROUNDED = 0.001;

/** The part of a recorded use that still counts after `ms`. */
function fadedIn(ms: number): number {
  return Math.exp(-ms / 1_000);
}

async function turns(t: Trial, count: number, action: "pull" | "confirm" = "pull"): Promise<number[]> {
  const granted: number[] = [];
  const all = Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const inbox = index % 2 === 0 ? t.inbox : (t.replica ?? t.inbox);
      granted.push(await inbox.turn(t.source, action));
    }),
  );
  while (granted.length < count) await Promise.race([t.advance(10), all]);
  await all;
  return granted.toSorted((a, b) => a - b);
}
