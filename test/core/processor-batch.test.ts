import { expect, test, vi } from "vitest";
import { PermanentError, RetryAfterError } from "../../src/core/errors.ts";
import type { BatchRun } from "../../src/core/handler.ts";
import type { Carried, Gate } from "../../src/core/limits.ts";
import { eventOf, FIRST, setup } from "./processor-setup.ts";

const NONE: ReadonlyMap<string, unknown> = new Map();

function carry(id: string, about: Partial<Carried> = {}): Carried {
  return { event: eventOf({ id, fingerprint: `of ${id}` }), attempt: 1, startedBefore: false, ...about };
}

function setupBatch(...carried: readonly Carried[]) {
  const gate = {
    enter: vi.fn<Gate["enter"]>(async () => ({ kind: "go", carried })),
    leave: vi.fn<Gate["leave"]>(async () => {}),
    endCarried: vi.fn<Gate["endCarried"]>(async () => {}),
  };
  const runAll = vi.fn<BatchRun["run"]>(async () => NONE);
  const batch = { size: 10, lingerMs: 100, run: runAll };
  const limits = { name: "fake Uploaded", isOrdered: false, batch: { size: 10, lingerMs: 100 } };
  const parts = setup({ gate, batch, limits, attempts: 3, timeoutMs: 1_000 });
  return {
    ...parts,
    gate,
    runAll,
    start: () => parts.processor.process(eventOf({ id: "a" }), FIRST),
    ran: () => runAll.mock.calls.map(([events]) => events.map(({ event }) => event.id)),
    ends: () => gate.endCarried.mock.calls.flatMap(([, , ends]) => ends.map(({ id, outcome }) => [id, outcome.kind])),
  };
}

test("a batch is handled in one run, and each success is stored before the end of its event is reported", async () => {
  const { start, ran, ends, marked, gate, inbox, run } = setupBatch(carry("b"), carry("c"));

  expect(await start()).toEqual({ kind: "handled" });

  expect(ran()).toEqual([["a", "b", "c"]]);
  expect(run).not.toHaveBeenCalled();
  expect(marked()).toEqual([
    ["a", true],
    ["b", true],
    ["c", true],
  ]);
  expect(ends()).toEqual([
    ["b", "handled"],
    ["c", "handled"],
  ]);
  expect(inbox.mark.mock.invocationCallOrder[2]).toBeLessThan(gate.endCarried.mock.invocationCallOrder[0] ?? 0);
  expect(gate.endCarried.mock.invocationCallOrder[0]).toBeLessThan(gate.leave.mock.invocationCallOrder[0] ?? 0);
});

test("in a batch each failed event ends with its own error, and the others are handled", async () => {
  const { start, runAll, ends, marked } = setupBatch(carry("b", { attempt: 3 }), carry("c"), carry("d"), carry("e"));
  runAll.mockResolvedValue(
    new Map<string, unknown>([
      ["a", new Error("busy")],
      ["b", new Error("its last attempt")],
      ["c", new PermanentError("never")],
      ["d", new RetryAfterError("not yet", 5_000, { usesAttempt: false })],
    ]),
  );

  expect(await start()).toMatchObject({ kind: "retry", error: { message: "busy" } });

  expect(ends()).toEqual([
    ["b", "parked"],
    ["c", "parked"],
    ["d", "retry"],
    ["e", "handled"],
  ]);
  expect(marked()).toEqual([["e", true]]);
});

test("an error that the run of a batch throws fails all of its events", async () => {
  const { start, runAll, ends, marked } = setupBatch(carry("b"), carry("c", { attempt: 3 }));
  runAll.mockRejectedValue(new Error("the database is away"));

  expect(await start()).toMatchObject({ kind: "retry", error: { message: "the database is away" } });

  expect(ends()).toEqual([
    ["b", "retry"],
    ["c", "parked"],
  ]);
  expect(marked()).toEqual([]);
});

test("the time limit of a batch ends all of its events", async () => {
  const { start, runAll, ends } = setupBatch(carry("b"));
  runAll.mockImplementation(
    (_, { signal }) => new Promise((__, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );

  const ended = start();
  await vi.advanceTimersByTimeAsync(1_000);

  expect(await ended).toMatchObject({ kind: "retry", error: { message: "the handler took longer than 1000 ms" } });
  expect(ends()).toEqual([["b", "retry"]]);
});

test("an event whose success was stored before a crash is not run again with its batch", async () => {
  const { start, ran, ends, inbox } = setupBatch(carry("b", { startedBefore: true }), carry("c"));
  inbox.ran.mockImplementation(async ({ id }) => id === "b");

  expect(await start()).toEqual({ kind: "handled" });

  expect(ran()).toEqual([["a", "c"]]);
  expect(ends()).toEqual([
    ["b", "handled"],
    ["c", "handled"],
  ]);
});

test("an event that already runs in this process is left out of the batch and goes back", async () => {
  const { start, ran, ends, processor, gate, runAll } = setupBatch(carry("b"));
  const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, unknown>>();
  runAll.mockReturnValueOnce(promise);
  gate.enter.mockResolvedValueOnce({ kind: "go", carried: [] });
  const earlier = processor.process(carry("b").event, FIRST);
  await vi.advanceTimersByTimeAsync(0);

  expect(await start()).toEqual({ kind: "handled" });
  resolve(NONE);
  await earlier;

  expect(ran()).toEqual([["b"], ["a"]]);
  expect(ends()).toEqual([["b", "returned"]]);
});

test("a second start of an event in a running batch joins that run", async () => {
  const { start, ran, processor, runAll } = setupBatch(carry("b"));
  const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, unknown>>();
  runAll.mockReturnValueOnce(promise);
  const batch = start();
  await vi.advanceTimersByTimeAsync(0);
  expect(processor.running).toBe(2);
  const second = processor.process(carry("b").event, { number: 1, startedBefore: true });
  resolve(new Map([["b", new PermanentError("never")]]));

  expect(await batch).toEqual({ kind: "handled" });
  expect(await second).toMatchObject({ kind: "parked", error: { message: "never" } });
  expect(ran()).toHaveLength(1);
});

test("a stop that cuts a batch off gives all of its events back, without using an attempt", async () => {
  const { start, runAll, ends, processor } = setupBatch(carry("b"));
  runAll.mockImplementation(
    (_, { signal }) => new Promise((__, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  const ended = start();
  await vi.advanceTimersByTimeAsync(0);

  await processor.drain(AbortSignal.abort(), 1_000);

  expect(await ended).toEqual({ kind: "returned" });
  expect(ends()).toEqual([["b", "returned"]]);
});

test("if the ends of a batch's events cannot be reported, their stored successes remain", async () => {
  const { start, gate, marked, said } = setupBatch(carry("b"));
  gate.endCarried.mockRejectedValue(new Error("away"));

  expect(await start()).toEqual({ kind: "handled" });
  expect(marked()).toHaveLength(2);
  expect(said("warn")).toContain("cannot write down how the events of a batch ended: they are looked at again");
});

test("without a gate a batch has one event", async () => {
  const runAll = vi.fn<BatchRun["run"]>(async () => new Map([["ev-1", new Error("no")]]));
  const { processor } = setup({ batch: { size: 10, lingerMs: 100, run: runAll } });

  expect(await processor.process(eventOf(), FIRST)).toMatchObject({ kind: "retry", error: { message: "no" } });
});
