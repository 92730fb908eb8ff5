import { expect, test, vi } from "vitest";
import { PermanentError } from "../../src/core/errors.ts";
import { Processor } from "../../src/core/processor.ts";
import type { Sink } from "../../src/core/sink.ts";
import { pass, standing } from "../support/fake-clock.ts";
import { eventOf, FIRST, setup as setupProcessor } from "./processor-setup.ts";

function setup() {
  const given = setupProcessor({ attempts: 2 });
  const { inbox, steps, confirm, find, meter, log } = given;
  const pour = vi.fn<Sink["run"]>();
  const sink = { name: "the archive", run: pour, attempts: 3, backoffMs: 1_000, timeoutMs: 60_000, notes: inbox };
  const create = () =>
    new Processor({ handlers: { find }, inbox, steps, confirm, sink, unhandled: "park", log, meter });
  inbox.noteSuccess.mockImplementation(async (_, attempt) => void inbox.succeededIn.mockResolvedValue(attempt));
  return { ...given, pour, sink, create, processor: create() };
}

const again = (number: number) => ({ number, startedBefore: true });
const full = new Error("ENOSPC");

test("a handled event goes to the archive before it counts as handled, with no extra call to the store", async () => {
  const { processor, run, pour, inbox } = setup();
  const order: string[] = [];
  run.mockImplementation(() => void order.push("handler"));
  pour.mockImplementation(() => void order.push("sink"));
  inbox.mark.mockImplementation(async () => (order.push("mark"), { stored: true }));

  expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "handled" });

  expect(order).toEqual(["handler", "sink", "mark"]);
  expect(inbox.noteSuccess).not.toHaveBeenCalled();
  expect(inbox.succeededIn).not.toHaveBeenCalled();
});

test("an event whose handler fails does not go to the archive", async () => {
  const { processor, run, pour } = setup();
  run.mockRejectedValue(new Error("not now"));

  expect(await processor.process(eventOf(), FIRST)).toMatchObject({ kind: "retry" });
  expect(pour).not.toHaveBeenCalled();
});

test("an archive that fails is tried again without running the handler, even by another process, and then the event is handled", async () => {
  const { processor, create, run, pour, marked, confirm, said } = setup();
  pour.mockRejectedValueOnce(full).mockRejectedValueOnce(full);

  expect(await processor.process(eventOf(), FIRST)).toMatchObject({ kind: "retry", error: { message: "ENOSPC" } });
  expect(await create().process(eventOf(), again(2))).toMatchObject({ kind: "retry" });
  expect(marked()).toEqual([]);
  expect(await create().process(eventOf(), again(3))).toEqual({ kind: "handled" });

  expect(run).toHaveBeenCalledOnce();
  expect(pour).toHaveBeenCalledTimes(3);
  expect(marked()).toEqual([["ev-1", true]]);
  expect(confirm).toHaveBeenCalledOnce();
  expect(said("warn")).toEqual(Array(2).fill("handled, and the archive failed, will try again"));
});

test("an archive has attempts of its own, which start at the handler's success, and the last one parks the event", async () => {
  const { processor, run, pour } = setup();
  pour.mockRejectedValue(full);
  run.mockRejectedValueOnce(new Error("not now"));

  await processor.process(eventOf(), FIRST);
  const outcomes = [];
  for (const number of [2, 3, 4, 5]) outcomes.push((await processor.process(eventOf(), again(number))).kind);

  expect(outcomes).toEqual(["retry", "retry", "parked", "parked"]);
  expect(run).toHaveBeenCalledTimes(2);
});

test("a retry of an event that was parked by the archive goes to the archive alone, even if its handler is gone by now", async () => {
  const { processor, run, pour, find, marked } = setup();
  pour.mockRejectedValueOnce(new PermanentError("never")).mockResolvedValue(undefined);

  expect(await processor.process(eventOf(), FIRST)).toMatchObject({ kind: "parked" });
  find.mockReturnValue(undefined);
  expect(await processor.process(eventOf(), again(2))).toEqual({ kind: "handled" });

  expect(run).toHaveBeenCalledOnce();
  expect(marked()).toEqual([["ev-1", true]]);
});

test("an attempt does not end before the handler's success is stored, however long the store is away", async () => {
  const { processor, pour, inbox, run } = setup();
  pour.mockRejectedValue(full);
  inbox.noteSuccess.mockRejectedValueOnce(new Error("away")).mockRejectedValueOnce(new Error("away"));

  const outcome = processor.process(eventOf(), FIRST);
  await pass(0);
  expect(await standing(outcome)).toBe("pending");
  expect(processor.storingSince).toBeDefined();
  const joined = processor.process(eventOf(), again(1));
  await pass(5_000);

  expect(await outcome).toMatchObject({ kind: "retry" });
  expect(await joined).toMatchObject({ kind: "retry" });
  expect(processor.storingSince).toBeUndefined();
  expect(run).toHaveBeenCalledOnce();
});

test("an archive that hangs is given up after its own time limit, and the error names it", async () => {
  const { processor, pour } = setup();
  pour.mockImplementation(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );

  const outcome = processor.process(eventOf(), FIRST);
  await pass(60_000);

  expect(await outcome).toMatchObject({ kind: "retry", error: { message: "the archive took longer than 60000 ms" } });
});
