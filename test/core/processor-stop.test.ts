import { expect, test, vi } from "vitest";
import { pass, standing } from "../support/fake-clock.ts";
import { byHand, eventOf, FIRST, obedient, setup } from "./processor-setup.ts";

/** The last word uses `AbortSignal.timeout`, which a fake clock does not control. */
const LAST_WORD_MS = 20;
const inTime = (): AbortSignal => new AbortController().signal;

test("a draining processor starts nothing: new jobs go back without using an attempt", async () => {
  const { processor, run, inbox, meter } = setup();

  await processor.drain(inTime(), LAST_WORD_MS);

  expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "returned" });
  expect(run).not.toHaveBeenCalled();
  expect(inbox.ran).not.toHaveBeenCalled();
  expect(meter.total("attempts_failed")).toBe(0);
});

test("an event whose earlier run was still being looked up when draining began is not started", async () => {
  const { processor, run, inbox } = setup();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  inbox.ran.mockReturnValue(promise);
  const outcome = processor.process(eventOf(), { number: 1, startedBefore: true });

  const drained = processor.drain(inTime(), LAST_WORD_MS);
  resolve(false);

  expect(await outcome).toEqual({ kind: "returned" });
  expect(await standing(drained)).toBe("resolved");
  expect(run).not.toHaveBeenCalled();
});

test("a draining processor lets running handlers finish, and stores their success", async () => {
  const { processor, run, marked } = setup();
  const runs = byHand(run);
  const outcome = processor.process(eventOf(), FIRST);

  const drained = processor.drain(inTime(), LAST_WORD_MS);
  await pass(60_000);
  expect(await standing(drained)).toBe("pending");
  expect(runs[0]?.context.signal.aborted).toBe(false);
  runs[0]?.succeed();

  expect(await outcome).toEqual({ kind: "handled" });
  expect(await standing(drained)).toBe("resolved");
  expect(marked()).toEqual([["ev-1", true]]);
});

test("draining waits until the success is stored", async () => {
  const { processor, inbox } = setup();
  inbox.mark.mockRejectedValue(new Error("the store is away"));
  const outcome = processor.process(eventOf(), FIRST);

  const drained = processor.drain(inTime(), LAST_WORD_MS);
  await pass(10_000);
  expect(await standing(drained)).toBe("pending");
  inbox.mark.mockResolvedValue({ stored: true });
  await pass(2_000);

  expect(await standing(drained)).toBe("resolved");
  expect(await outcome).toEqual({ kind: "handled" });
});

test("a handler that fails during draining, before the time is up, counts as failed", async () => {
  const { processor, run } = setup();
  const runs = byHand(run);
  const outcome = processor.process(eventOf(), FIRST);

  const drained = processor.drain(inTime(), LAST_WORD_MS);
  runs[0]?.fail(new Error("not now"));

  expect(await outcome).toMatchObject({ kind: "retry" });
  expect(await standing(drained)).toBe("resolved");
});

test("when the time for draining is up, handlers are aborted, and those that give up go back without using an attempt", async () => {
  const { processor, run, inbox, meter, said } = setup({ attempts: 1 });
  run.mockImplementation(obedient);
  const outcome = processor.process(eventOf(), FIRST);
  const end = new AbortController();

  const drained = processor.drain(end.signal, LAST_WORD_MS);
  await pass(1_000);
  expect(await standing(drained)).toBe("pending");
  end.abort();

  expect(await outcome).toEqual({ kind: "returned" });
  expect(await standing(drained)).toBe("resolved");
  expect(run.mock.calls[0]?.[0].signal.reason).toEqual(new Error("the process is stopping"));
  expect(meter.total("attempts_failed") + meter.total("parked")).toBe(0);
  expect(inbox.mark).not.toHaveBeenCalled();
  expect(said("warn")).toEqual(["given up to stop in time, goes back to the queue"]);
});

test("a handler that succeeds after its abort is handled", async () => {
  const { processor, run, marked } = setup();
  const runs = byHand(run);
  const outcome = processor.process(eventOf(), FIRST);

  const drained = processor.drain(AbortSignal.abort(), 60_000);
  await pass(0);
  expect(runs[0]?.context.signal.aborted).toBe(true);
  runs[0]?.succeed();

  expect(await outcome).toEqual({ kind: "handled" });
  expect(await standing(drained)).toBe("resolved");
  expect(marked()).toEqual([["ev-1", true]]);
});

test("a handler that ignores its abort is left running when draining ends", async () => {
  const { processor, run } = setup();
  const runs = byHand(run);
  const outcome = processor.process(eventOf(), FIRST);

  await processor.drain(AbortSignal.abort(), LAST_WORD_MS);

  expect(runs[0]?.context.signal.aborted).toBe(true);
  expect(await standing(outcome)).toBe("pending");
  expect(processor.running).toBe(1);
});

test("a job that joined an aborted run goes back too, under any id", async () => {
  const { processor, run } = setup();
  run.mockImplementation(obedient);
  const ids = ["ev-1", "ev-1", "ev-2"];
  const all = ids.map((id) => processor.process(eventOf({ id }), FIRST));

  await processor.drain(AbortSignal.abort(), 60_000);

  expect(await Promise.all(all)).toEqual(ids.map(() => ({ kind: "returned" })));
  expect(run).toHaveBeenCalledOnce();
});

test("a job that joins a run during draining still gets its outcome", async () => {
  const { processor, run } = setup();
  const runs = byHand(run);
  const first = processor.process(eventOf(), FIRST);
  const drained = processor.drain(inTime(), LAST_WORD_MS);

  const second = processor.process(eventOf(), { number: 1, startedBefore: true });
  runs[0]?.succeed();

  expect(await Promise.all([first, second])).toEqual([{ kind: "handled" }, { kind: "handled" }]);
  await drained;
});

test("draining twice, or with nothing running, does no harm and leaves no timer", async () => {
  const { processor } = setup();

  await processor.drain(inTime(), LAST_WORD_MS);
  await processor.drain(AbortSignal.abort(), LAST_WORD_MS);

  expect(vi.getTimerCount()).toBe(0);
});
