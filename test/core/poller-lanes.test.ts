import { expect, test } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { pass } from "../support/fake-clock.ts";
import { setup } from "./poller-setup.ts";

test("full pulls open more lanes up to 8, and everything is accepted once", async () => {
  const { poller, source, accepted } = setup();
  source.publish(16 * 100);

  poller.start();
  await pass(10_000);

  expect(source.mostRunning).toBe(8);
  expect(accepted()).toHaveLength(1_600);
  expect(new Set(accepted()).size).toBe(1_600);
});

test("each full pull opens one more lane", async () => {
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

test("pulls that come back short close the lanes again, down to one", async () => {
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

test("nothing is pulled in parallel as long as no pull comes back full", async () => {
  const { poller, source, accepted } = setup();

  poller.start();
  for (let n = 0; n < 100; n++) {
    source.publish(15);
    await pass(20);
  }

  expect(source.mostRunning).toBe(1);
  expect(accepted()).toHaveLength(1_500);
});

test("a second backlog opens the lanes again", async () => {
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

test("when nothing is admitted and no confirmation is due, it asks once a second, in one lane", async () => {
  const { poller, source, gaps, answerAll } = setup();
  answerAll({ verdict: "skip" });
  source.publish(16 * 10);

  poller.start();
  await pass(5_000);

  expect(gaps()).toEqual([1_010, 1_010, 1_010, 1_010]);
  expect(source.mostRunning).toBe(1);
});

test("when nothing is admitted but a confirmation is due, it asks on without a pause", async () => {
  const { poller, source, accepted, answerAll } = setup();
  answerAll({ verdict: "skip" }, 1);
  source.publish(16 * 10);

  poller.start();
  await pass(500);

  expect(accepted()).toHaveLength(160);
});

test("when some are admitted, it asks on without a pause", async () => {
  const { poller, source, inbox, accepted } = setup();
  inbox.accept.mockImplementation(async (_source, _sent, deliveries) => ({
    acceptances: deliveries.map((_, index) => (index === 0 ? { verdict: "renew", id: "ev" } : { verdict: "skip" })),
    handled: 0,
  }));
  source.publish(16 * 10);

  poller.start();
  await pass(500);

  expect(accepted()).toHaveLength(160);
});

test("one short outage met by all lanes is one failure: pulling goes on after a short pause", async () => {
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
