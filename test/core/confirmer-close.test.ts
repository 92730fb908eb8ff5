import { expect, test, vi } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { pass, standing } from "../support/fake-clock.ts";
import { setup } from "./confirmer-setup.ts";

const never = (): Promise<never> => new Promise(() => {});
const outage = new VendorError("outage", "no answer");

test("closing the confirmer sends the receipts that wait for a full batch at once, and resolves when they are settled", async () => {
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

test("closing the confirmer sends all receipts, even more than fit into the parallel calls", async () => {
  const { addMany, confirmer, settled, source } = setup();
  source.answerMs = 500;
  const receipts = addMany(16 * 20 + 5);

  const closed = confirmer.close(new AbortController().signal);
  await pass(10_000);

  expect(await standing(closed)).toBe("resolved");
  expect(settled("confirmed")).toHaveLength(receipts.length);
  expect(source.mostRunning).toBe(8);
});

test("closing the confirmer waits for receipts that are being retried", async () => {
  const { addMany, confirmer, settled, source } = setup();
  source.failNext("confirm", outage, outage, outage);
  const receipts = addMany(3);

  const closed = confirmer.close(new AbortController().signal);
  await pass(10_000);

  expect(await standing(closed)).toBe("resolved");
  expect(settled("confirmed")).toEqual(receipts);
});

test.each(["turn", "settle"] as const)(
  "closing the confirmer with an aborted signal gives up at once, even if the store hangs at its %s",
  async (step) => {
    const { addMany, confirmer, inbox } = setup();
    inbox[step].mockImplementation(never);
    addMany(20);
    await pass(100);

    expect(await standing(confirmer.close(AbortSignal.abort()))).toBe("resolved");
    expect(vi.getTimerCount()).toBe(0);
  },
);

test("closing the confirmer gives up when its time is over, and sends nothing after that", async () => {
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

test("closing the confirmer ends even if receipts keep arriving: late ones return with their events", async () => {
  const { addMany, confirmer, calls } = setup();

  await confirmer.close(new AbortController().signal);
  await confirmer.close(new AbortController().signal);
  addMany(20);
  await pass(60_000);

  expect(calls()).toEqual([]);
});
