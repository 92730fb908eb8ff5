import { describe, expect, test } from "vitest";
import { Confirmer } from "../../src/core/confirmer.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";
import { confirmationOf } from "../support/fake-inbox.ts";
import { FakeSource } from "../support/fake-source.ts";
import { MemoryInbox } from "../support/memory-inbox.ts";
import { recordingLog, RecordingMeter } from "../support/recording.ts";
import { setup } from "./confirmer-setup.ts";

describe("a partial batch of receipts", () => {
  test("is sent at once while the quota is hardly used", async () => {
    const { addMany, calledAt } = setup({ used: 0.5 });

    addMany(1);
    await pass(20);
    addMany(1);
    await pass(20);

    expect(calledAt()).toEqual([0, 20]);
  });

  test("takes along receipts that arrive in the same moment", async () => {
    const { addMany, calls } = setup({ used: 0 });

    const receipts = addMany(5);
    await pass(20);

    expect(calls()).toEqual([receipts]);
  });

  test.each([
    [0.6, 50],
    [0.7, 100],
    [0.9, 200],
  ])("waits longer the less quota is left: at %d used for %d ms", async (used, waitedMs) => {
    const { addMany, calledAt } = setup({ used });

    addMany(1);
    await pass(1_000);

    expect(calledAt()[0]).toBeGreaterThanOrEqual(waitedMs - 1);
    expect(calledAt()[0]).toBeLessThanOrEqual(waitedMs + 1);
  });

  test("waits 200 ms if the vendor bills each call, even if the quota is free", async () => {
    const { source, addMany, calledAt } = setup({ used: 0 });
    Object.assign(source, { billsCalls: true });

    addMany(1);
    await pass(1_000);

    expect(calledAt()).toEqual([200]);
  });

  test("waits to fill up while receipts arrive fast, even if the quota is free", async () => {
    const { addMany, calls, settled } = setup({ used: 0 });

    for (let ms = 0; ms < 1_000; ms++) {
      addMany(2);
      await pass(1);
    }
    await pass(1_000);

    expect(settled("confirmed")).toHaveLength(2_000);
    expect(calls().length).toBeLessThan(2_000 / 16 + 20);
  });
});

describe("confirming under a quota of 100 calls a second", () => {
  test.each([1, 20, 50])("%d receipts a second are confirmed one by one, at once", async (perSecond) => {
    const { calls, slowestMs } = await confirmSteadily(perSecond);

    expect(calls).toBe(perSecond);
    expect(slowestMs).toBeLessThanOrEqual(10);
  });

  test.each([
    [100, 30],
    [200, 35],
    [400, 40],
    [1_000, 40],
    [1_400, 40],
  ])("%d receipts a second leave a third of the quota free, and wait at most %d ms", async (perSecond, mostMs) => {
    const { calls, slowestMs } = await confirmSteadily(perSecond);

    expect(calls).toBeLessThanOrEqual(Math.max(66, 1.1 * (perSecond / 16)));
    expect(slowestMs).toBeLessThanOrEqual(mostMs);
  });

  test("if others use the quota up, receipts wait longer, and less again when the others stop", async () => {
    const { inbox, source, confirmer, confirms } = setupWithQuota();
    for (let ms = 0; ms < 3_000; ms += 10) {
      if (ms % 500 === 0) confirmer.add(confirmationOf(`r${ms}`));
      void inbox.turn(source, "confirm");
      await pass(10);
    }
    const [last] = confirms.slice(-1);
    expect(last?.at).toBeGreaterThan(2_500 + 150);

    await pass(2_000);
    const asked = performance.now();
    confirmer.add(confirmationOf("later"));
    await pass(1_000);

    expect((confirms.at(-1)?.at ?? Infinity) - asked).toBeLessThanOrEqual(TIMER_MS);
  });
});

/** The shortest time that a timer takes. */
const TIMER_MS = 1;

function setupWithQuota() {
  useFakeClock();
  const source = Object.assign(new FakeSource(), { answerMs: 0 });
  const inbox = new MemoryInbox({ now: () => performance.now() });
  const { log } = recordingLog();
  const confirmer = new Confirmer({ source, inbox, log, meter: new RecordingMeter() });
  return { source, inbox, confirmer, confirms: source.confirms };
}

/** The number of calls and the longest wait in one second, after the first four seconds. */
async function confirmSteadily(perSecond: number): Promise<{ readonly calls: number; readonly slowestMs: number }> {
  const { confirmer, confirms } = setupWithQuota();
  const addedAt = new Map<string, number>();
  for (let added = 0; performance.now() < 5_000;) {
    for (; added < (performance.now() * perSecond) / 1_000; added++) {
      addedAt.set(`r${added}`, performance.now());
      confirmer.add(confirmationOf(`r${added}`));
    }
    await pass(1);
  }
  const late = confirms.filter(({ at }) => at >= 4_000 && at < 5_000);
  const waits = late.flatMap(({ at, receipts }) => receipts.map((receipt) => at - (addedAt.get(receipt) ?? NaN)));
  return { calls: late.length, slowestMs: Math.max(...waits) };
}
