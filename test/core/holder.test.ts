import { expect, onTestFinished, test, vi } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { createHolder } from "../../src/core/holder.ts";
import type { EventRef } from "../../src/core/event.ts";
import type { HoldInbox } from "../../src/core/inbox.ts";
import type { Extended } from "../../src/core/source.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";
import { FakeSource } from "../support/fake-source.ts";
import { recordingLog } from "../support/recording.ts";

const EVENT: EventRef = { id: "ev-1", fingerprint: "f1", source: "fake/1" };

/** An event that was just delivered. Each extension increases the number in its receipt. */
function setup(windowMs: number) {
  useFakeClock();
  let held: Awaited<ReturnType<HoldInbox["held"]>> = { receipt: "r0", openUntil: performance.now() + windowMs };
  const asked: { readonly receipt: string; readonly ms: number; readonly leftMs: number }[] = [];
  const fail: unknown[] = [];
  const extend = async (receipt: string, ms: number): Promise<Extended> => {
    asked.push({ receipt, ms, leftMs: (held?.openUntil ?? 0) - performance.now() });
    const err = fail.shift();
    if (err !== undefined) throw err;
    return { receipt: `r${asked.length}`, windowMs: ms };
  };
  const source = Object.assign(new FakeSource(), { windowMs, extend });
  const inbox: HoldInbox = {
    turn: async () => performance.now(),
    held: async () => held,
    extending: async () => held?.receipt,
    extended: async (_event, old, { receipt, windowMs: ms }, sent) => {
      if (held?.receipt === old) held = { receipt, openUntil: sent + ms };
      return undefined;
    },
  };
  const { log, said } = recordingLog();
  const confirm = vi.fn();
  const running = new AbortController();
  onTestFinished(() => running.abort());
  createHolder({ sources: [source], inbox, confirm, log })(EVENT, () => running.signal);
  return { asked, fail, said, running, change: (next: typeof held) => (held = next) };
}

test("a handler that runs longer than half the window gets extensions, each with the receipt of the last one", async () => {
  const { asked } = setup(30_000);
  await pass(14_000);
  expect(asked).toEqual([]);
  await pass(100_000);
  expect(asked.map(({ receipt, ms }) => [receipt, ms])).toEqual([
    ["r0", 60_000],
    ["r1", 60_000],
    ["r2", 60_000],
  ]);
  expect(asked.every(({ leftMs }) => leftMs > 14_000)).toBe(true);
});

test("a window of hours is extended only near its end, and then step by step", async () => {
  const { asked } = setup(3_600_000);
  await pass(3_580_000);
  expect(asked).toEqual([]);
  await pass(100_000);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(4);
});

test("a failed extension is logged and tried again", async () => {
  const { asked, fail, said } = setup(30_000);
  fail.push(...Array.from({ length: 3 }, () => new VendorError("outage", "HTTP 502")));
  await pass(60_000 + 15_000);
  expect(asked.map(({ receipt }) => receipt)).toEqual(["r0", "r0", "r0", "r0"]);
  expect(said("warn")).toHaveLength(3);
});

test("after a redelivery the next extension uses the new receipt", async () => {
  const { asked, fail, change } = setup(30_000);
  fail.push(new VendorError("refused", "ReceiptHandleError"));
  await pass(16_000);
  change({ receipt: "redelivered", openUntil: performance.now() + 30_000 });
  await pass(40_000);
  expect(asked.map(({ receipt }) => receipt)).toEqual(["r0", "redelivered"]);
});

test("nothing is extended after the handler has ended or the event is no longer pending", async () => {
  const ended = setup(30_000);
  await pass(10_000);
  ended.running.abort();
  await pass(100_000);
  expect(ended.asked).toEqual([]);
  vi.useRealTimers();

  const gone = setup(30_000);
  gone.change(undefined);
  await pass(100_000);
  expect(gone.asked).toEqual([]);
});
