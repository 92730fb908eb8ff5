import { pino } from "pino";
import { describe, expect, test, vi } from "vitest";
import { pass, standing } from "../support/fake-clock.ts";
import { confirmationOf } from "../support/fake-inbox.ts";
import { byHand, eventOf, FIRST, setup } from "./processor-setup.ts";

describe("a handler that succeeds", () => {
  test("has its success stored before the receipt goes to the confirmer, and the attempt ends after both", async () => {
    const { processor, inbox, confirm, run } = setup();
    const stored = Promise.withResolvers<Awaited<ReturnType<typeof inbox.mark>>>();
    inbox.mark.mockReturnValueOnce(stored.promise);
    const confirmation = confirmationOf("newest");

    const outcome = processor.process(eventOf(), FIRST);
    expect(await standing(outcome)).toBe("pending");
    expect(run).toHaveBeenCalledOnce();
    expect(inbox.mark.mock.calls).toEqual([[eventOf(), true, 0, {}]]);
    expect(confirm).not.toHaveBeenCalled();
    stored.resolve({ stored: true, confirmation });

    expect(await outcome).toEqual({ kind: "handled" });
    expect(confirm.mock.calls).toEqual([[confirmation]]);
  });

  test("has nothing stored before it has ended", async () => {
    const { processor, inbox, run } = setup();
    const runs = byHand(run);

    const outcome = processor.process(eventOf(), FIRST);
    await pass(60_000);
    expect(inbox.mark).not.toHaveBeenCalled();
    runs[0]?.succeed();

    expect(await outcome).toEqual({ kind: "handled" });
    expect(inbox.mark).toHaveBeenCalledOnce();
  });

  test("is counted and timed", async () => {
    const { processor, run, meter, said } = setup();
    const runs = byHand(run);

    const receivedAt = new Date(Date.now() - 40).toISOString();
    const outcome = processor.process({ ...eventOf(), receivedAt }, FIRST);
    await pass(1_234);
    runs[0]?.succeed();
    await outcome;

    const labels = { source: "fake/1", type: "Uploaded" };
    expect(meter.total("handled", labels)).toBe(1);
    expect(meter.observed).toEqual([
      { name: "queue_ms", labels, ms: 40 },
      { name: "handler_ms", labels, ms: 1_234 },
    ]);
    expect(said("info", "warn", "error")).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("after failed attempts is logged", async () => {
    const { processor, said, lines } = setup();

    await processor.process(eventOf(), { number: 3, startedBefore: true });

    expect(said("info")).toEqual(["handled, after attempts that failed"]);
    expect(lines[0]).toMatchObject({ id: "ev-1", attempt: 3 });
  });

  test("gets the event, the attempt, a signal and a log that names the event", async () => {
    const { processor, run, find, lines } = setup();
    run.mockImplementation(({ log }) => log.info("hello"));

    await processor.process(eventOf(), { number: 3, startedBefore: false });

    expect(find).toHaveBeenCalledWith(eventOf());
    expect(run.mock.calls[0]?.[0]).toMatchObject({ event: eventOf(), attempt: 3, signal: { aborted: false } });
    expect(lines[0]).toMatchObject({ msg: "hello", vendor: "fake", source: "fake/1", type: "Uploaded", id: "ev-1" });
  });

  test("creates no log of its own unless it writes a line", async () => {
    const log = pino({ enabled: false });
    const child = vi.spyOn(log, "child");
    const { processor, run } = setup({ log });

    await processor.process(eventOf(), FIRST);
    expect(child).not.toHaveBeenCalled();
    run.mockImplementation(({ log: own }) => expect(own).toBe(run.mock.lastCall?.[0].log));
    await processor.process(eventOf(), FIRST);

    expect(child).toHaveBeenCalledTimes(2);
  });

  test("may be a plain function that returns at once", async () => {
    const { processor, run } = setup();
    run.mockReturnValue("anything");

    expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "handled" });
  });

  test("without a waiting confirmation sends nothing to the confirmer", async () => {
    const { processor, inbox, confirm } = setup();
    inbox.mark.mockResolvedValueOnce({ stored: false });

    expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "handled" });
    expect(confirm).not.toHaveBeenCalled();
  });

  test("is never run again because storing its success failed: storing is repeated until it works, and logged", async () => {
    const { processor, inbox, run, confirm, said } = setup();
    inbox.mark.mockRejectedValue(new Error("the store is away"));
    expect(processor.storingSince).toBeUndefined();

    const began = performance.now();
    const outcome = processor.process(eventOf(), FIRST);
    await pass(600_000);
    expect(await standing(outcome)).toBe("pending");
    expect(processor.storingSince).toBe(began);
    const tries = inbox.mark.mock.calls.length;
    expect(tries).toBeGreaterThanOrEqual(300);
    expect(tries).toBeLessThan(700);
    expect(said("error")).toHaveLength(tries);
    expect(confirm).not.toHaveBeenCalled();
    inbox.mark.mockResolvedValue({ stored: true, confirmation: confirmationOf("newest") });
    await pass(2_000);

    expect(await standing(outcome)).toBe("resolved");
    expect(processor.storingSince).toBeUndefined();
    expect(run).toHaveBeenCalledOnce();
    expect(confirm).toHaveBeenCalledOnce();
  });
});

describe("an event whose type has no handler", () => {
  test("is parked unconfirmed, with the fix in the error", async () => {
    const { processor, find, inbox, confirm, meter, said } = setup();
    find.mockReturnValue(undefined);

    const outcome = await processor.process(eventOf(), FIRST);

    expect(outcome).toMatchObject({
      kind: "parked",
      error: { message: "no handler for fake Uploaded: add one and retry, or set UNHANDLED=confirm" },
    });
    expect(inbox.mark).not.toHaveBeenCalled();
    expect(confirm).not.toHaveBeenCalled();
    expect(meter.total("parked", { source: "fake/1", type: "Uploaded" })).toBe(1);
    expect(said("error")).toHaveLength(1);
  });

  test("under UNHANDLED=confirm is stored as not run, confirmed, counted and logged", async () => {
    const { processor, find, marked, confirm, meter, said } = setup({ unhandled: "confirm" });
    find.mockReturnValue(undefined);

    expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "dropped" });

    expect(marked()).toEqual([["ev-1", false]]);
    expect(confirm).toHaveBeenCalledOnce();
    expect(meter.total("dropped", { source: "fake/1", type: "Uploaded", why: "unhandled" })).toBe(1);
    expect(meter.total("handled")).toBe(0);
    expect(said("warn")).toEqual(["no handler, dropped because UNHANDLED=confirm"]);
  });
});

describe("a job that was started before", () => {
  test("and had succeeded does not run again, and sends no second receipt to the confirmer", async () => {
    const { processor, inbox, run, confirm } = setup();
    inbox.ran.mockResolvedValue(true);

    expect(await processor.process(eventOf(), { number: 1, startedBefore: true })).toEqual({ kind: "handled" });

    expect(inbox.ran.mock.calls).toMatchObject([[{ id: "ev-1", source: "fake/1" }]]);
    expect(run).not.toHaveBeenCalled();
    expect(inbox.mark).not.toHaveBeenCalled();
    expect(confirm).not.toHaveBeenCalled();
  });

  test("and had not succeeded runs again", async () => {
    const { processor, run } = setup();

    expect(await processor.process(eventOf(), { number: 1, startedBefore: true })).toEqual({ kind: "handled" });
    expect(run).toHaveBeenCalledOnce();
  });

  test("is looked up only if this is not its first start, which saves one call per event", async () => {
    const { processor, inbox } = setup();

    await processor.process(eventOf(), FIRST);

    expect(inbox.ran).not.toHaveBeenCalled();
  });

  test("fails as usual if the store cannot be asked, and the next start works", async () => {
    const { processor, inbox, run } = setup();
    inbox.ran.mockRejectedValueOnce(new Error("the store is away"));

    await expect(processor.process(eventOf(), { number: 1, startedBefore: true })).rejects.toThrow("away");
    expect(processor.running).toBe(0);
    expect(await processor.process(eventOf(), { number: 1, startedBefore: true })).toEqual({ kind: "handled" });
    expect(run).toHaveBeenCalledOnce();
  });
});

test("the processor reports how many events it is running, and when it last started one", async () => {
  const { processor, run } = setup();
  const runs = byHand(run);
  await pass(100);

  const both = [1, 2].map((n) => processor.process(eventOf({ id: `ev-${n}`, fingerprint: `fp-${n}` }), FIRST));
  await pass(50);
  expect([processor.running, processor.lastStartedAt]).toEqual([2, 100]);
  for (const one of runs) one.succeed();
  await Promise.all(both);

  expect(processor.running).toBe(0);
});
