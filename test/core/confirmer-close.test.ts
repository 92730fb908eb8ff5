import { expect, test, vi } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { pass, standing } from "../support/fake-clock.ts";
import { setup } from "./confirmer-setup.ts";

const never = (): Promise<never> => new Promise(() => {});
const outage = new VendorError("outage", "no answer");

test("closing sends lingering receipts at once, and resolves when they are settled", async () => {
  const { addMany, confirmer, calledAt, settled } = setup();
  const receipts = addMany(3);

  const closed = confirmer.close(new AbortController().signal);
  expect(await standing(closed)).toBe("pending");
  expect(calledAt()).toEqual([0]);
  await pass(10);

  expect(await standing(closed)).toBe("resolved");
  expect(settled("confirmed")).toEqual(receipts);
  expect(vi.getTimerCount()).toBe(0);
});

test("closing sends all, also more than may be under way at once", async () => {
  const { addMany, confirmer, settled, source } = setup();
  source.answerMs = 500;
  const receipts = addMany(16 * 20 + 5);

  const closed = confirmer.close(new AbortController().signal);
  await pass(10_000);

  expect(await standing(closed)).toBe("resolved");
  expect(settled("confirmed")).toHaveLength(receipts.length);
  expect(source.mostRunning).toBe(8);
});

test("closing waits for receipts that are tried again", async () => {
  const { addMany, confirmer, settled, source } = setup();
  source.failNext("confirm", outage, outage, outage);
  const receipts = addMany(3);

  const closed = confirmer.close(new AbortController().signal);
  await pass(10_000);

  expect(await standing(closed)).toBe("resolved");
  expect(settled("confirmed")).toEqual(receipts);
});

test.each(["turn", "settle"] as const)(
  "closing with an aborted signal gives up at once, though the store hangs at its %s",
  async (step) => {
    const { addMany, confirmer, inbox } = setup();
    inbox[step].mockImplementation(never);
    addMany(20);
    await pass(100);

    expect(await standing(confirmer.close(AbortSignal.abort()))).toBe("resolved");
    expect(vi.getTimerCount()).toBe(0);
  },
);

test("closing gives up when its time is over, and sends nothing after that", async () => {
  const { addMany, confirmer, calls, source } = setup();
  source.answerMs = 0;
  source.failing.confirm = outage;
  addMany(3);
  const end = new AbortController();

  const closed = confirmer.close(end.signal);
  await pass(2_000);
  expect(await standing(closed)).toBe("pending");
  end.abort();
  expect(await standing(closed)).toBe("resolved");
  expect(vi.getTimerCount(), "pauses that go on").toBe(0);
  const before = calls().length;
  await pass(60_000);

  expect(before).toBeGreaterThan(1);
  expect(calls()).toHaveLength(before);
});

test("closing has an end: receipts that come later are left to return", async () => {
  const { addMany, confirmer, calls } = setup();

  await confirmer.close(new AbortController().signal);
  await confirmer.close(new AbortController().signal);
  addMany(20);
  await pass(60_000);

  expect(calls()).toEqual([]);
});
