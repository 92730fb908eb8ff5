import { describe, expect, test } from "vitest";
import { pass } from "../support/fake-clock.ts";
import { MemoryInbox } from "../support/memory-inbox.ts";
import { setup } from "./poller-setup.ts";

describe("the pause after a short pull:", () => {
  test.each([
    [0.5, 0],
    [0.7, 100],
    [0.9, 200],
  ])("with %d of the quota used the next pull waits %d ms", async (used, waitedMs) => {
    const { poller, source, inbox, gaps } = setup();
    inbox.used.mockReturnValue(used);

    source.publish(1);
    poller.start();
    await pass(1_000);

    expect(Math.abs((gaps()[0] ?? Infinity) - source.answerMs - waitedMs)).toBeLessThanOrEqual(1);
  });

  test("it looks at the quota for pulls, and reserves no room meanwhile", async () => {
    const { poller, source, inbox } = setup();
    inbox.used.mockReturnValue(1);

    source.publish(1);
    poller.start();
    await pass(100);

    expect(inbox.used.mock.calls).toEqual([[source, "pull"]]);
    expect(inbox.place).toHaveBeenCalledTimes(1);
  });

  test("stopping the poller ends the pause, and no pull is sent", async () => {
    const { poller, source, inbox } = setup();
    inbox.used.mockReturnValue(1);
    source.publish(1);
    poller.start();
    await pass(20);

    await poller.stop(new AbortController().signal);

    expect(performance.now()).toBe(20);
    expect(source.pulls).toHaveLength(1);
  });
});

test("a full pull is followed by the next one at once, however much quota is used", async () => {
  const { poller, source, inbox, gaps } = setup();
  inbox.used.mockReturnValue(1);

  source.publish(16);
  poller.start();
  await pass(100);

  expect(gaps()[0]).toBe(source.answerMs);
});

test("an empty pull is followed by the next one at once, so that a pull is open when the next event comes", async () => {
  const { poller, source, inbox, accepted, gaps } = setup();
  inbox.used.mockReturnValue(1);
  poller.start();
  await pass(11_000);
  expect(gaps()).toEqual([5_010, 5_010]);

  source.publish(1);
  await pass(1);

  expect(accepted()).toEqual(["r0"]);
});

describe("pulling under a quota of 100 calls a second", () => {
  test.each([1, 20, 50])("%d events a second are pulled one by one, at once", async (perSecond) => {
    const { pulls, slowestMs } = await pullSteadily(perSecond);

    expect(pulls).toBe(perSecond);
    expect(slowestMs).toBeLessThanOrEqual(1);
  });

  test.each([
    [100, 30],
    [200, 35],
    [400, 60],
  ])("%d events a second leave a third of the quota free, and wait at most %d ms", async (perSecond, mostMs) => {
    const { pulls, slowestMs } = await pullSteadily(perSecond);

    expect(pulls).toBeLessThanOrEqual(66);
    expect(slowestMs).toBeLessThanOrEqual(mostMs);
  });
});

/** The number of pulls and the longest time an event was visible, in one second after the first four. */
async function pullSteadily(perSecond: number): Promise<{ readonly pulls: number; readonly slowestMs: number }> {
  const { poller, source, inbox } = setup();
  source.answerMs = 0;
  const quota = new MemoryInbox({ now: () => performance.now() });
  inbox.turn.mockImplementation((terms, action) => quota.turn(terms, action));
  inbox.used.mockImplementation((terms, action) => quota.used(terms, action));
  const publishedAt: number[] = [];
  let slowestMs = 0;
  inbox.accept.mockImplementation(async (_source, _sent, deliveries) => {
    for (const { receipt } of deliveries) {
      const at = publishedAt[Number(receipt.slice(1))] ?? NaN;
      if (performance.now() >= 4_000) slowestMs = Math.max(slowestMs, performance.now() - at);
    }
    return { acceptances: deliveries.map(({ receipt }) => ({ verdict: "add", id: receipt })), handled: 0 };
  });

  poller.start();
  while (performance.now() < 5_000) {
    while (publishedAt.length < (performance.now() * perSecond) / 1_000) {
      publishedAt.push(performance.now());
      source.publish(1);
    }
    await pass(1);
  }
  return { pulls: source.pulls.filter(({ at }) => at >= 4_000 && at < 5_000).length, slowestMs };
}
