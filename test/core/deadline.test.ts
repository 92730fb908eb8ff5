import { getEventListeners } from "node:events";
import { expect, test, vi } from "vitest";
import { startDeadline } from "../../src/core/deadline.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";
import { collectGarbage } from "../support/garbage.ts";

test("a deadline aborts when its time is up, with the reason it was given", async () => {
  useFakeClock();
  const signal = startDeadline(1_000, undefined, () => new Error("too late")).signal();

  await pass(999);
  expect(signal.aborted).toBe(false);
  await pass(1);

  expect(signal.reason).toEqual(new Error("too late"));
});

test("a deadline aborts with the signal that it belongs to, and for the same reason", () => {
  useFakeClock();
  const end = new AbortController();
  const signal = startDeadline(1_000, end.signal).signal();

  end.abort(new Error("stopping"));

  expect(signal.reason).toEqual(new Error("stopping"));
});

test("a deadline of a signal that is aborted already is over from the start", () => {
  useFakeClock();

  expect(startDeadline(1_000, AbortSignal.abort("stopped")).signal().reason).toBe("stopped");
});

test("a cleared deadline never aborts, and leaves neither a timer nor a listener", () => {
  useFakeClock();
  const end = new AbortController();
  const deadline = startDeadline(1_000, end.signal);
  const signal = deadline.signal();

  deadline.clear();
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(end.signal, "abort")).toHaveLength(0);
  end.abort();

  expect(signal.aborted).toBe(false);
});

test("a cleared deadline can be garbage-collected, even if its signal lives on and others listen to it", async () => {
  const end = new AbortController();
  const signals = Array.from({ length: 10 }, () => {
    const deadline = startDeadline(60_000, end.signal);
    const signal = deadline.signal();
    signal.addEventListener("abort", () => {});
    deadline.clear();
    return new WeakRef(signal);
  });

  await collectGarbage();

  expect(signals.filter((signal) => signal.deref())).toEqual([]);
});
