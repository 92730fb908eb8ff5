import { getEventListeners } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { backoffMs } from "../../src/core/backoff.ts";
import { settledBefore, sleep } from "../../src/core/sleep.ts";
import { pass, standing, useFakeClock } from "../support/fake-clock.ts";

describe("sleep", () => {
  test("lasts as long as asked for, also by the monotonic clock", async () => {
    useFakeClock();
    const started = performance.now();
    const slept = sleep(1_000);

    await pass(999);
    expect(await standing(slept)).toBe("pending");
    await pass(1);

    expect(await standing(slept)).toBe("resolved");
    expect(performance.now() - started).toBe(1_000);
  });

  test("ends without an error when its signal aborts, and leaves no timer behind", async () => {
    useFakeClock();
    const { signal, abort } = aborter();
    const slept = sleep(60_000, signal);

    abort();

    expect(await standing(slept)).toBe("resolved");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends at once if its signal is aborted already", async () => {
    useFakeClock();

    expect(await standing(sleep(60_000, AbortSignal.abort()))).toBe("resolved");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("leaves no listener on a signal that outlives it", async () => {
    useFakeClock();
    const { signal } = aborter();
    const slept = sleep(10, signal);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);

    await pass(10);
    await slept;

    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("settledBefore", () => {
  test("is true if the promise settles first, and leaves no listener", async () => {
    const { signal } = aborter();

    expect(await settledBefore(Promise.resolve("done"), signal)).toBe(true);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  test("is false if the signal aborts first, and leaves no listener", async () => {
    const { signal, abort } = aborter();
    const waited = settledBefore(new Promise(() => {}), signal);

    abort();

    expect(await waited).toBe(false);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  test("does not wait if its signal is aborted already", async () => {
    expect(await settledBefore(new Promise(() => {}), AbortSignal.abort())).toBe(false);
  });

  test("rejects if the promise rejects, and leaves no listener", async () => {
    const { signal } = aborter();

    await expect(settledBefore(Promise.reject(new Error("no")), signal)).rejects.toThrow("no");
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  test("ignores a rejection after the signal", async () => {
    const { signal, abort } = aborter();
    const late = Promise.withResolvers<void>();
    const unhandled = vi.fn();
    process.once("unhandledRejection", unhandled);
    const waited = settledBefore(late.promise, signal);

    abort();
    expect(await waited).toBe(false);
    late.reject(new Error("too late to matter"));
    await new Promise((resolve) => setImmediate(resolve));

    expect(unhandled).not.toHaveBeenCalled();
    process.off("unhandledRejection", unhandled);
  });
});

describe("backoff", () => {
  const limits = { minMs: 100, maxMs: 1_000 };
  const longest = (failures: number): number => {
    vi.spyOn(Math, "random").mockReturnValue(1 - Number.EPSILON);
    return backoffMs(failures, limits);
  };
  const shortest = (failures: number): number => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    return backoffMs(failures, limits);
  };

  test("doubles with each failure up to its limit", () => {
    expect([1, 2, 3, 4, 5, 6].map(longest)).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  test("is at least half of that, so that clients that failed together do not return together", () => {
    expect([1, 2, 3, 4, 5, 6].map(shortest)).toEqual([50, 100, 200, 400, 500, 500]);
  });

  test("stays at its limit after any number of failures", () => {
    expect([41, 42, 1_024, 100_000].map(longest)).toEqual([1_000, 1_000, 1_000, 1_000]);
  });

  test("differs from one time to the next", () => {
    const pauses = Array.from({ length: 100 }, () => backoffMs(4, limits));

    expect(new Set(pauses).size).toBeGreaterThan(10);
  });
});

function aborter() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
