import { describe, expect, test, vi } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { pass } from "../support/fake-clock.ts";
import { setup } from "./poller-setup.ts";

test("full pulls open up to 8 parallel pulls, and every event is accepted once", async () => {
  const { poller, source, accepted } = setup();
  source.publish(16 * 100);

  poller.start();
  await pass(10_000);

  expect(source.mostRunning).toBe(8);
  expect(accepted()).toHaveLength(1_600);
  expect(new Set(accepted()).size).toBe(1_600);
});

test("each full pull opens one more parallel pull", async () => {
  const { poller, source } = setup();
  source.publish(16 * 100);
  const running: number[] = [];

  poller.start();
  for (let n = 0; n < 5; n++) {
    await pass(0);
    running.push(source.running);
    await pass(10);
  }

  expect(running).toEqual([1, 2, 4, 8, 8]);
});

test("short pulls end the parallel pulls again, down to one", async () => {
  const { poller, source } = setup();
  source.publish(16 * 100);
  poller.start();
  await pass(10_000);
  expect(source.mostRunning).toBe(8);

  source.mostRunning = 0;
  for (let n = 0; n < 50; n++) {
    source.publish(15);
    await pass(100);
  }

  expect(source.running).toBe(1);
  expect(source.mostRunning).toBe(1);
});

test("without a full pull there is only one pull at a time", async () => {
  const { poller, source, accepted } = setup();

  poller.start();
  for (let n = 0; n < 100; n++) {
    source.publish(15);
    await pass(20);
  }

  expect(source.mostRunning).toBe(1);
  expect(accepted()).toHaveLength(1_500);
});

test("a second backlog opens parallel pulls again", async () => {
  const { poller, source, accepted } = setup();
  source.publish(16 * 50);
  poller.start();
  await pass(20_000);
  source.mostRunning = 0;

  source.publish(16 * 50);
  await pass(20_000);

  expect(source.mostRunning).toBe(8);
  expect(accepted()).toHaveLength(1_600);
});

describe("the poller asks for room,", () => {
  const full = { isFree: false, askAgainMs: 50 } as const;

  test("before each pull, and reports when the pull ended and whether its answer was lost", async () => {
    const { poller, source, inbox } = setup();
    const end = vi.fn();
    inbox.place.mockResolvedValue({ isFree: true, most: 16, pull: "p", end });
    source.failNext("pull", new VendorError("outage", "no"));

    poller.start();
    await pass(5_500);

    expect(source.pulls.length).toBeGreaterThan(1);
    expect(inbox.place).toHaveBeenCalledTimes(source.pulls.length);
    expect(end.mock.calls).toEqual(source.pulls.slice(1).map((_, index) => [index === 0]));
  });

  test("asks again after the given pause, and does not pull meanwhile", async () => {
    const { poller, source, inbox } = setup();
    inbox.place.mockResolvedValue(full);
    source.publish(100);

    poller.start();
    await pass(10_000);
    expect(source.pulls).toEqual([]);
    expect(inbox.place.mock.calls.length).toBeGreaterThan(190);

    inbox.place.mockResolvedValue({ isFree: true, most: 100, pull: "p", end: () => {} });
    await pass(60);
    expect(source.pulls.length).toBeGreaterThan(0);
  });

  test("for as many events as the last pull added", async () => {
    const { poller, source, inbox } = setup();
    inbox.accept.mockImplementationOnce(async (_source, _sent, deliveries) => ({
      acceptances: deliveries.map((_, index) =>
        index < 5 ? { verdict: "add", id: `ev-${index}` } : { verdict: "park", id: "ev" },
      ),
      handled: 0,
    }));
    source.publish(8);

    poller.start();
    await pass(10);

    expect(inbox.place.mock.calls.map(([, expected]) => expected)).toEqual([1, 5]);
  });

  test("and asks the vendor for no more events than there is room for", async () => {
    const { poller, source, inbox } = setup();
    inbox.place.mockResolvedValueOnce({ isFree: true, most: 3, pull: "p", end: () => {} });

    poller.start();
    source.publish(16);
    await pass(10);

    expect(source.pulls.map(({ max }) => max)).toEqual([3, 16, 16]);
  });

  test("and pulls as usual from a vendor that cannot be asked for fewer", async () => {
    const { poller, source, inbox } = setup();
    Object.assign(source, { ignoresMax: true });
    inbox.place.mockResolvedValue({ isFree: true, most: 3, pull: "p", end: () => {} });

    poller.start();
    source.publish(4);
    await pass(10);

    expect(source.pulls.map(({ max }) => max)).toEqual([16, 16]);
    expect(source.mostRunning, "four are a short pull").toBe(1);
  });

  test("and without room keeps one pull loop, until there is room for more", async () => {
    const { poller, source, inbox } = setup();
    source.publish(16 * 1_000);
    poller.start();
    await pass(200);
    expect(source.running).toBe(8);

    inbox.place.mockResolvedValue(full);
    await pass(1_000);
    expect(source.running).toBe(0);
    const asked = inbox.place.mock.calls.length;
    await pass(1_000);
    expect(inbox.place.mock.calls.length - asked, "one lane asks").toBe(20);

    inbox.place.mockResolvedValue({ isFree: true, most: 16, pull: "p", end: () => {} });
    await pass(1_000);
    expect(source.running).toBe(8);
  });
});

test("a short outage during parallel pulls counts as one failure: pulling goes on after a short pause", async () => {
  const { poller, source } = setup();
  source.publish(16 * 1_000);
  poller.start();
  await pass(105);
  expect(source.running).toBe(8);

  source.failing.pull = new VendorError("outage", "connection reset");
  await pass(9);
  delete source.failing.pull;
  const before = source.pulls.length;
  await pass(400);

  expect(source.pulls.length).toBeGreaterThan(before);
});
