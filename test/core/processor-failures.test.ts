import { describe, expect, test, vi } from "vitest";
import type * as errors from "../../src/core/errors.ts";
import { PermanentError, RetryAfterError } from "../../src/core/errors.ts";
import type { Outcome } from "../../src/core/runs.ts";
import { LONGEST_TIMER_MS } from "../../src/core/sleep.ts";
import { pass } from "../support/fake-clock.ts";
import { eventOf, FIRST, setup } from "./processor-setup.ts";

const failure = new Error("not now");

/** The errors of a second copy of this package, as a handlers module may bring one. */
const copy = "../../src/core/errors.ts?copy";
const other: typeof errors = await import(copy);

class NoSuchVideo extends PermanentError {
  override readonly name = "NoSuchVideo";
}

describe("a handler that fails", () => {
  test("is tried again, confirms nothing, is logged and counted", async () => {
    const { processor, run, inbox, confirm, meter, lines, said } = setup();
    run.mockRejectedValue(failure);

    const outcome = await processor.process(eventOf(), FIRST);

    expect(outcome).toEqual({ kind: "retry", error: failure, afterMs: expect.any(Number) });
    expect(inbox.mark).not.toHaveBeenCalled();
    expect(confirm).not.toHaveBeenCalled();
    expect(meter.total("attempts_failed", { source: "fake/1", type: "Uploaded" })).toBe(1);
    expect(meter.total("handled")).toBe(0);
    expect(meter.observed.map(({ name }) => name)).toEqual(["queue_ms", "handler_ms"]);
    expect(said("warn")).toEqual(["handler failed, will try again"]);
    expect(lines[0]).toMatchObject({ id: "ev-1", attempt: 1, attempts: 20 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("without a promise fails in the same way", async () => {
    const { processor, run } = setup();
    run.mockImplementation(() => {
      throw failure;
    });

    expect(await processor.process(eventOf(), FIRST)).toMatchObject({ kind: "retry", error: failure });
  });

  test("keeps its own reason if the store cannot say whether another process had succeeded", async () => {
    const { processor, run, inbox } = setup();
    run.mockRejectedValue(failure);
    inbox.ran.mockRejectedValueOnce(new Error("the store is away"));

    const outcome = processor.process(eventOf(), FIRST).catch((err: unknown) => err);
    await pass(60_000);

    expect(await outcome).toMatchObject({ kind: "retry", error: failure });
  });

  test("after another process had succeeded with the event is handled, not failed", async () => {
    const { processor, run, inbox, meter, said } = setup();
    run.mockRejectedValue(failure);
    inbox.ran.mockResolvedValue(true);

    expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "handled" });

    expect(inbox.ran.mock.calls).toMatchObject([[{ id: "ev-1", source: "fake/1" }, {}, { error: failure.message }]]);
    expect(inbox.mark).not.toHaveBeenCalled();
    expect(meter.total("attempts_failed")).toBe(0);
    expect(said("warn", "error")).toEqual([]);
  });
});

describe("the pause before the next attempt", () => {
  test("doubles up to 10 minutes", async () => {
    expect(await pausesOf(1)).toEqual([1_000, 2_000, 4_000, 512_000, 600_000, 600_000, 600_000]);
  });

  test("is shortened at random by at most half, so that events that failed together do not return together", async () => {
    expect(await pausesOf(0)).toEqual([500, 1_000, 2_000, 256_000, 300_000, 300_000, 300_000]);
  });

  test("begins with the handler's own setting", async () => {
    expect((await pausesOf(1, { backoffMs: 10 })).slice(0, 3)).toEqual([10, 20, 40]);
  });

  test("is not cut to 10 minutes if the handler wants more", async () => {
    expect(await pausesOf(1, { backoffMs: 3_600_000 })).toEqual(Array(7).fill(3_600_000));
  });

  test("is kept if the handler asks for it with another copy of the error class", async () => {
    const { processor, run } = setup();
    run.mockRejectedValue(new other.RetryAfterError("busy", 90_000));

    expect(pauseOf(await processor.process(eventOf(), FIRST))).toBe(90_000);
  });

  test.each([
    ["NaN", Number.NaN, 1_000],
    ["for ever", Number.POSITIVE_INFINITY, 1_000],
    ["less than nothing", -5_000, 1_000],
    ["a fraction", 1_000.25, 1_001],
    ["longer than a timer can be", 1e300, LONGEST_TIMER_MS],
    ["no number", "soon", 1_000],
    ["a symbol", Symbol("soon"), 1_000],
  ])("is a whole number of ms, whatever a handler asks for: %s", async (_, asked, afterMs) => {
    const { processor, run } = setup();
    vi.spyOn(Math, "random").mockReturnValue(1);
    run.mockRejectedValue(Object.assign(new RetryAfterError("busy", 0), { afterMs: asked }));

    expect(pauseOf(await processor.process(eventOf(), FIRST))).toBe(afterMs);
  });

  test.each([
    ["longer than usual is kept", 90_000, 90_000],
    ["shorter than usual is not", 10, 1_000],
  ])("that a handler asks for and that is %s", async (_, asked, afterMs) => {
    const { processor, run } = setup();
    vi.spyOn(Math, "random").mockReturnValue(1);
    run.mockRejectedValue(new RetryAfterError("busy", asked));

    expect(pauseOf(await processor.process(eventOf(), FIRST))).toBe(afterMs);
  });
});

describe("an event is parked", () => {
  test.each([
    ["PermanentError", new PermanentError("hopeless")],
    ["PermanentError from another copy of the class", new other.PermanentError("hopeless")],
    ["class of the user's own made from it", new NoSuchVideo("hopeless")],
    ["frozen PermanentError", Object.freeze(new PermanentError("hopeless"))],
  ])("at once after a %s", async (_, error) => {
    const { processor, run, meter, said, inbox } = setup();
    run.mockRejectedValue(error);

    const outcome = await processor.process(eventOf(), FIRST);

    expect(outcome).toMatchObject({ kind: "parked", error: { name: error.name, message: "hopeless" } });

    expect(meter.total("parked", { source: "fake/1", type: "Uploaded" })).toBe(1);
    expect(meter.total("attempts_failed")).toBe(1);
    expect(said("error")).toEqual(["parked: it stays until someone retries or discards it"]);
    expect(inbox.mark).not.toHaveBeenCalled();
  });

  test.each([
    [2, 3, "retry"],
    [3, 3, "parked"],
    [4, 3, "parked"],
    [1, 1, "parked"],
  ])("only after its last attempt, here %d of %d: %s", async (number, attempts, kind) => {
    const { processor, run } = setup({ attempts });
    run.mockRejectedValue(failure);

    expect(await processor.process(eventOf(), { number, startedBefore: true })).toMatchObject({ kind, error: failure });
  });

  test("after its last attempt, even if the handler asks for a pause", async () => {
    const { processor, run } = setup({ attempts: 1 });
    run.mockRejectedValue(new RetryAfterError("busy", 1_000));

    expect(await processor.process(eventOf(), FIRST)).toMatchObject({ kind: "parked" });
  });

  test.each([
    ["error", Object.assign(new Error("not now"), { name: "PermanentError" })],
    ["object", { name: "PermanentError", message: "not now" }],
    ["class itself", PermanentError],
  ])("only for errors of this package: an %s that merely has the same name is tried again", async (_, thrown) => {
    const { processor, run } = setup();
    run.mockRejectedValue(thrown);

    expect(await processor.process(eventOf(), FIRST)).toMatchObject({ kind: "retry" });
  });
});

/** The pauses after the attempts 1, 2, 3, 10, 11, 12 and 500. */
async function pausesOf(random: number, options: Parameters<typeof setup>[0] = {}): Promise<number[]> {
  const { processor, run } = setup({ attempts: 1_000, ...options });
  vi.spyOn(Math, "random").mockReturnValue(random);
  run.mockRejectedValue(failure);
  const pauses: number[] = [];
  for (const number of [1, 2, 3, 10, 11, 12, 500])
    pauses.push(pauseOf(await processor.process(eventOf(), { number, startedBefore: false })));
  return pauses;
}

function pauseOf(outcome: Outcome): number {
  if (outcome.kind === "retry") return outcome.afterMs;
  throw new Error(`no retry but ${outcome.kind}`);
}
