import { describe, expect, test } from "vitest";
import { pass, standing } from "../support/fake-clock.ts";
import { byHand, eventOf, FIRST, setup } from "./processor-setup.ts";

const again = { number: 1, startedBefore: true };
const handled = { kind: "handled" };
const failure = new Error("not now");

describe("a job that starts again while it runs", () => {
  test("joins the running attempt: the handler runs once, the success is stored once, and both end alike", async () => {
    const { processor, run, marked, confirm } = setup();
    const runs = byHand(run);

    const first = processor.process(eventOf(), FIRST);
    await pass(1_000);
    const second = processor.process(eventOf(), again);
    const third = processor.process(eventOf(), again);
    expect(processor.running).toBe(1);
    runs[0]?.succeed();

    expect(await Promise.all([first, second, third])).toEqual([handled, handled, handled]);
    expect(run).toHaveBeenCalledOnce();
    expect(marked()).toEqual([["ev-1", true]]);
    expect(confirm).toHaveBeenCalledOnce();
  });

  test("joins an attempt that fails, and only one attempt is used", async () => {
    const { processor, run, meter } = setup();
    const runs = byHand(run);

    const first = processor.process(eventOf(), FIRST);
    const second = processor.process(eventOf(), again);
    runs[0]?.fail(failure);

    expect(await first).toMatchObject({ kind: "retry", error: failure });
    expect(await second).toBe(await first);
    expect(meter.total("attempts_failed")).toBe(1);
  });

  test("joins a run that has succeeded but is not stored yet", async () => {
    const { processor, run, inbox } = setup();
    inbox.mark.mockRejectedValue(new Error("the store is away"));

    const first = processor.process(eventOf(), FIRST);
    await pass(60_000);
    const second = processor.process(eventOf(), again);
    await pass(60_000);
    expect(await standing(second)).toBe("pending");
    inbox.mark.mockResolvedValue({ stored: true });
    await pass(2_000);

    expect(await Promise.all([first, second])).toEqual([handled, handled]);
    expect(run).toHaveBeenCalledOnce();
  });

  test("stores the success again if its first record was lost, since the event may have come back meanwhile", async () => {
    const { processor, run, inbox, marked, confirm } = setup();
    const runs = byHand(run);
    inbox.mark.mockResolvedValueOnce({ stored: false, isLost: true });

    const both = [processor.process(eventOf(), FIRST), processor.process(eventOf(), FIRST)];
    runs[0]?.succeed();

    expect(await Promise.all(both)).toEqual([handled, handled]);
    expect(run).toHaveBeenCalledOnce();
    expect(marked()).toHaveLength(2);
    expect(confirm).toHaveBeenCalledOnce();
  });

  test("joins the running attempt if it was pushed, too", async () => {
    const { processor, run } = setup();
    const runs = byHand(run);
    const pushed = eventOf({ door: "push" });

    const both = [processor.process(pushed, FIRST), processor.process(pushed, again)];
    runs[0]?.succeed();

    expect(await Promise.all(both)).toEqual([handled, handled]);
    expect(run).toHaveBeenCalledOnce();
  });

  test("after the first run has ended runs anew", async () => {
    const { processor, run } = setup();
    run.mockRejectedValueOnce(failure);

    await processor.process(eventOf(), FIRST);
    await processor.process(eventOf(), { number: 2, startedBefore: true });

    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe("a pulled event that comes again under another id while it runs", () => {
  test("takes the run over if Redis lost the first one: the handler runs once, and the new receipt is confirmed", async () => {
    const { processor, run, inbox, marked, ranFor, confirm } = setup();
    const runs = byHand(run);
    inbox.mark.mockResolvedValueOnce({ stored: false, isLost: true });

    const before = processor.process(eventOf({ id: "ev-lost" }), FIRST);
    const after = processor.process(eventOf({ id: "ev-new" }), FIRST);
    await pass(1_000);
    expect(runs).toHaveLength(1);
    runs[0]?.succeed();

    expect(await Promise.all([before, after])).toEqual([handled, handled]);
    expect(ranFor()).toEqual(["ev-lost"]);
    expect(marked()).toEqual([
      ["ev-lost", true],
      ["ev-new", true],
    ]);
    expect(confirm).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ receipt: "receipt of ev-new" }));
  });

  test("runs itself, after the first, if that run paid for another confirmation", async () => {
    const { processor, run, ranFor, marked } = setup();
    const runs = byHand(run);

    const first = processor.process(eventOf({ id: "ev-a" }), FIRST);
    const second = processor.process(eventOf({ id: "ev-b" }), FIRST);
    await pass(1_000);
    expect(ranFor()).toEqual(["ev-a"]);
    runs[0]?.succeed();
    await first;
    await pass(0);
    expect(ranFor()).toEqual(["ev-a", "ev-b"]);
    runs[1]?.succeed();

    expect(await second).toEqual({ kind: "handled" });
    expect(marked()).toEqual([
      ["ev-a", true],
      ["ev-b", true],
    ]);
  });

  test("runs itself if its own record is lost too, since that run cannot be its own", async () => {
    const { processor, inbox, run, ranFor } = setup();
    const runs = byHand(run);
    inbox.mark.mockResolvedValue({ stored: false, isLost: true });

    const both = ["ev-a", "ev-b"].map((id) => processor.process(eventOf({ id }), FIRST));
    runs[0]?.succeed();
    await pass(0);
    runs[1]?.succeed();

    expect(await Promise.all(both)).toEqual([handled, handled]);
    expect(ranFor()).toEqual(["ev-a", "ev-b"]);
  });

  test("runs itself if that run was a retry of an event that was already confirmed", async () => {
    const { processor, run, inbox, ranFor, marked } = setup();
    const runs = byHand(run);
    inbox.mark.mockResolvedValueOnce({ stored: false });

    const retried = processor.process(eventOf({ id: "ev-confirmed" }), again);
    await pass(0);
    const happened = processor.process(eventOf({ id: "ev-new" }), FIRST);
    runs[0]?.succeed();
    await pass(0);
    runs[1]?.succeed();

    expect(await Promise.all([retried, happened])).toEqual([handled, handled]);
    expect(ranFor()).toEqual(["ev-confirmed", "ev-new"]);
    expect(marked()).toEqual([
      ["ev-confirmed", true],
      ["ev-new", true],
    ]);
  });

  test("runs itself if that run failed, and has its own outcome", async () => {
    const { processor, run, ranFor } = setup();
    const runs = byHand(run);

    const first = processor.process(eventOf({ id: "ev-a" }), FIRST);
    const second = processor.process(eventOf({ id: "ev-b" }), FIRST);
    runs[0]?.fail(failure);
    expect(await first).toMatchObject({ kind: "retry" });
    await pass(0);
    runs[1]?.succeed();

    expect(await second).toEqual({ kind: "handled" });
    expect(ranFor()).toEqual(["ev-a", "ev-b"]);
  });

  test("runs itself if that event had been handled by an earlier run, which paid for its own confirmation", async () => {
    const { processor, inbox, ranFor } = setup();
    const asked = Promise.withResolvers<boolean>();
    inbox.ran.mockReturnValueOnce(asked.promise);

    const first = processor.process(eventOf({ id: "ev-a" }), again);
    const second = processor.process(eventOf({ id: "ev-b" }), FIRST);
    asked.resolve(true);

    expect(await Promise.all([first, second])).toEqual([handled, handled]);
    expect(ranFor()).toEqual(["ev-b"]);
  });

  test("never runs at the same time as an identical one, however many there are", async () => {
    const { processor, run, ranFor } = setup();
    const runs = byHand(run);
    const ids = ["ev-a", "ev-b", "ev-c", "ev-d"];

    const all = ids.map((id) => processor.process(eventOf({ id }), FIRST));
    for (const [index] of ids.entries()) {
      expect(runs).toHaveLength(index + 1);
      runs[index]?.succeed();
      await pass(0);
    }

    expect(await Promise.all(all)).toEqual(ids.map(() => handled));
    expect(ranFor().toSorted()).toEqual(ids);
  });
});

test("identical pushed bodies under two ids are two events and run at the same time", async () => {
  const { processor, run, ranFor } = setup();
  const runs = byHand(run);

  const both = ["ev-a", "ev-b"].map((id) => processor.process(eventOf({ id, door: "push" }), FIRST));
  expect(ranFor()).toEqual(["ev-a", "ev-b"]);
  for (const one of runs) one.succeed();

  expect(await Promise.all(both)).toEqual([handled, handled]);
});

test("different events run at the same time", async () => {
  const { processor, run, ranFor } = setup();
  const runs = byHand(run);

  const both = [1, 2].map((n) => processor.process(eventOf({ id: `ev-${n}`, fingerprint: `fp-${n}` }), FIRST));
  expect(ranFor()).toEqual(["ev-1", "ev-2"]);
  for (const one of runs) one.succeed();

  expect(await Promise.all(both)).toEqual([handled, handled]);
});
