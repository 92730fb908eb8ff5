import { expect, test, vi } from "vitest";
import { pass, standing } from "../support/fake-clock.ts";
import { collectGarbage } from "../support/garbage.ts";
import { byHand, eventOf, FIRST, obedient, setup } from "./processor-setup.ts";

test("a handler that exceeds its time limit is aborted, and fails when it has ended", async () => {
  const { processor, run } = setup({ timeoutMs: 5_000 });
  const runs = byHand(run);
  const outcome = processor.process(eventOf(), FIRST);

  await pass(4_999);
  expect(runs[0]?.context.signal.aborted).toBe(false);
  await pass(1);
  expect(runs[0]?.context.signal.aborted).toBe(true);
  await pass(9_000);
  expect(await standing(outcome)).toBe("pending");
  expect(processor.running).toBe(1);
  runs[0]?.fail(new Error("I was told to"));

  expect(await outcome).toMatchObject({
    kind: "retry",
    error: { message: "the handler took longer than 5000 ms: I was told to" },
  });
  expect(vi.getTimerCount()).toBe(0);
});

test("an aborted handler sees the reason in its signal", async () => {
  const { processor, run } = setup({ timeoutMs: 5_000 });
  run.mockImplementation(obedient);
  const outcome = processor.process(eventOf(), FIRST);

  await pass(5_000);

  expect(await outcome).toMatchObject({
    kind: "retry",
    error: { message: "the handler took longer than 5000 ms" },
  });
});

test("a handler that succeeds after its time limit is handled", async () => {
  const { processor, run, marked } = setup({ timeoutMs: 5_000 });
  const runs = byHand(run);
  const outcome = processor.process(eventOf(), FIRST);

  await pass(14_999);
  runs[0]?.succeed();

  expect(await outcome).toEqual({ kind: "handled" });
  expect(marked()).toEqual([["ev-1", true]]);
});

test("a handler that ignores its time limit is given up 10 s later, and that is logged as an error", async () => {
  const { processor, run, said, inbox } = setup({ timeoutMs: 5_000 });
  const runs = byHand(run);
  const outcome = processor.process(eventOf(), FIRST);

  await pass(14_999);
  expect(await standing(outcome)).toBe("pending");
  expect(said("error")).toEqual([]);
  await pass(1);

  expect(await outcome).toMatchObject({
    kind: "retry",
    error: { message: "the handler took longer than 5000 ms" },
  });
  expect(said("error")).toEqual(["the handler ignores its signal; it is given up and may still be running"]);
  expect(processor.running).toBe(0);
  runs[0]?.fail(new Error("too late to matter"));
  await pass(0);
  expect(inbox.mark).not.toHaveBeenCalled();
});

test("a handler may have a time limit of a month", async () => {
  const { processor, run } = setup({ timeoutMs: 30 * 86_400_000 });
  const runs = byHand(run);
  const outcome = processor.process(eventOf(), FIRST);

  await pass(60_000);

  expect(runs[0]?.context.signal.aborted).toBe(false);
  expect(await standing(outcome)).toBe("pending");
});

test("the signal of an attempt can be garbage-collected, even if its handler never stops listening", async () => {
  const { processor, run } = setup();
  vi.useRealTimers();
  const signals: WeakRef<AbortSignal>[] = [];
  run.mockImplementation(({ signal }) => {
    signal.addEventListener("abort", () => {});
    signals.push(new WeakRef(signal));
  });
  await processor.process(eventOf(), FIRST);

  // The mock holds its arguments, which would keep them from garbage collection.
  run.mockClear();
  await collectGarbage();

  expect(signals.map((signal) => signal.deref())).toEqual([undefined]);
});
