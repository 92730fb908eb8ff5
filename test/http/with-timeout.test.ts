import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withTimeout } from "../../src/http/with-timeout.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a result in time is passed on, and so is an error", async () => {
  const read = vi
    .fn<() => Promise<{ n: number }>>()
    .mockResolvedValueOnce({ n: 1 })
    .mockRejectedValueOnce(new Error("no"));
  const ask = withTimeout(read, 100);

  expect(await ask()).toEqual({ n: 1 });
  await expect(ask()).rejects.toThrow("no");
  expect(vi.getTimerCount()).toBe(0);
});

test("after the timeout the result is undefined, and a later error is ignored", async () => {
  const slow = Promise.withResolvers<{ n: number }>();
  const ask = withTimeout(() => slow.promise, 100);

  const asked = ask();
  await vi.advanceTimersByTimeAsync(100);

  expect(await asked).toBeUndefined();
  slow.reject(new Error("too late to matter"));
  await vi.advanceTimersByTimeAsync(0);
});

test("while a read hangs, further calls share it", async () => {
  const slow = Promise.withResolvers<{ n: number }>();
  const read = vi.fn(() => slow.promise);
  const ask = withTimeout(read, 100);

  const asked = [ask(), ask(), ask()];
  await vi.advanceTimersByTimeAsync(50);
  slow.resolve({ n: 2 });

  expect(await Promise.all(asked)).toEqual([{ n: 2 }, { n: 2 }, { n: 2 }]);
  expect(read).toHaveBeenCalledOnce();
});

test("a read without an answer is given up after half a minute", async () => {
  const read = vi.fn(() => new Promise<{ n: number }>(() => {}));
  const ask = withTimeout(read, 100);

  void ask();
  await vi.advanceTimersByTimeAsync(30_001);
  read.mockResolvedValueOnce({ n: 3 });

  expect(await ask()).toEqual({ n: 3 });
  expect(read).toHaveBeenCalledTimes(2);
});
