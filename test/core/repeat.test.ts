import { expect, test, vi } from "vitest";
import { repeat, repeatLater } from "../../src/core/repeat.ts";
import { pass, standing, useFakeClock } from "../support/fake-clock.ts";

function setup() {
  useFakeClock();
  const stop = new AbortController();
  const lookedAt: number[] = [];
  const look = vi.fn(async () => void lookedAt.push(performance.now()));
  const failed = vi.fn();
  return { stop, look, lookedAt, failed, options: { everyMs: 1_000, signal: stop.signal, failed } };
}

test.each([
  ["repeat", repeat, [0, 1_000, 2_000]],
  ["repeatLater", repeatLater, [1_000, 2_000]],
] as const)(
  "%s calls its function until it is stopped, and a stop ends the pause early",
  async (_, repeating, times) => {
    const { stop, look, lookedAt, options } = setup();

    const repeated = repeating(look, options);
    await pass(2_500);
    stop.abort();

    expect(await standing(repeated)).toBe("resolved");
    expect(lookedAt).toEqual(times);
    expect(vi.getTimerCount()).toBe(0);
  },
);

test("repeatLater that is stopped in its first pause never calls its function", async () => {
  const { stop, look, options } = setup();

  const repeated = repeatLater(look, options);
  stop.abort();

  expect(await standing(repeated)).toBe("resolved");
  expect(look).not.toHaveBeenCalled();
});

test("a failed call is reported, and the next one follows after the same pause", async () => {
  const { stop, look, failed, options } = setup();
  const err = new Error("away");
  look.mockRejectedValueOnce(err);

  void repeat(look, options);
  await pass(1_000);
  stop.abort();

  expect(failed.mock.calls).toEqual([[err]]);
  expect(look).toHaveBeenCalledTimes(2);
});

test("no call starts before the last one has ended", async () => {
  const { stop, look, options } = setup();
  const slow = Promise.withResolvers<undefined>();
  look.mockReturnValueOnce(slow.promise);

  void repeat(look, options);
  await pass(5_000);
  expect(look).toHaveBeenCalledOnce();
  slow.resolve(undefined);
  await pass(1_000);
  stop.abort();

  expect(look).toHaveBeenCalledTimes(2);
});
