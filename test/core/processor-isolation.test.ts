import { expect, test, vi } from "vitest";
import { RetryAfterError } from "../../src/core/errors.ts";
import type { CrashCount, Crashes } from "../../src/core/isolation.ts";
import type { Attempt } from "../../src/core/processor.ts";
import { byHand, eventOf, FIRST, setup } from "./processor-setup.ts";

const eventNamed = (name: string) => eventOf({ id: name, fingerprint: name });
const suspect: Attempt = { number: 1, startedBefore: true, startAfterStall: 7 };

/** A processor that isolates after three crashes. */
function setupIsolation(count: CrashCount = { crashes: 3, alone: 0 }) {
  const crashes = {
    count: vi.fn<Crashes["count"]>(async () => count),
    startAlone: vi.fn<Crashes["startAlone"]>(async () => {}),
    giveBack: vi.fn<Crashes["giveBack"]>(async () => {}),
  };
  const takeMore = vi.fn<(isWanted: boolean) => void>();
  const parts = setup({ isolation: { crashes, maxCrashes: 3, takeMore } });
  return { ...parts, crashes, takeMore, runs: byHand(parts.run) };
}

test("an event that was never interrupted costs no look at its crashes", async () => {
  const { processor, crashes, runs } = setupIsolation();
  const ended = processor.process(eventOf(), FIRST);
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  runs[0]?.succeed();

  expect(await ended).toEqual({ kind: "handled" });
  expect(crashes.count).not.toHaveBeenCalled();
});

test("an event with fewer crashes than the limit runs beside others", async () => {
  const { processor, runs, takeMore, ranFor } = setupIsolation({ crashes: 2, alone: 0 });
  void processor.process(eventNamed("other"), FIRST);
  void processor.process(eventNamed("suspect"), suspect);
  await vi.waitFor(() => expect(runs).toHaveLength(2));

  expect(ranFor()).toEqual(["other", "suspect"]);
  expect(takeMore).not.toHaveBeenCalled();
});

test("an event with as many crashes as the limit waits until the others have ended, and nothing starts beside it", async () => {
  const { processor, runs, takeMore, ranFor, said } = setupIsolation();
  const others = [processor.process(eventNamed("a"), FIRST), processor.process(eventNamed("b"), FIRST)];
  await vi.waitFor(() => expect(runs).toHaveLength(2));

  const alone = processor.process(eventNamed("suspect"), suspect);
  await vi.waitFor(() => expect(takeMore.mock.calls).toEqual([[false]]));
  runs[0]?.succeed();
  await others[0];
  expect(await processor.process(eventNamed("late"), FIRST)).toEqual({ kind: "returned" });
  expect(ranFor()).toEqual(["a", "b"]);

  runs[1]?.succeed();
  await vi.waitFor(() => expect(ranFor()).toEqual(["a", "b", "suspect"]));
  expect(await processor.process(eventNamed("late"), FIRST)).toEqual({ kind: "returned" });
  expect(await processor.process(eventNamed("suspect too"), suspect)).toEqual({ kind: "returned" });
  expect(takeMore.mock.calls).toEqual([[false]]);

  runs[2]?.succeed();
  expect(await alone).toEqual({ kind: "handled" });
  expect(takeMore.mock.calls).toEqual([[false], [true]]);
  expect(said("warn")).toEqual([
    "its process crashed again and again while this event ran, so it runs alone in its process now",
  ]);
  void processor.process(eventNamed("late"), FIRST);
  await vi.waitFor(() => expect(ranFor()).toEqual(["a", "b", "suspect", "late"]));
});

test("an isolated run is recorded before it starts", async () => {
  const { processor, run, crashes } = setupIsolation();
  const written = Promise.withResolvers<void>();
  crashes.startAlone.mockReturnValue(written.promise);

  void processor.process(eventOf(), suspect);
  await vi.waitFor(() => expect(crashes.startAlone).toHaveBeenCalledWith({ event: eventOf(), attempt: 1, start: 7 }));
  expect(run).not.toHaveBeenCalled();

  written.resolve();
  await vi.waitFor(() => expect(run).toHaveBeenCalledOnce());
});

test("a second start of an event joins its isolated run", async () => {
  const { processor, runs } = setupIsolation();
  const first = processor.process(eventOf(), suspect);
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  const second = processor.process(eventOf(), { ...suspect, startAfterStall: 8 });
  runs[0]?.succeed();

  expect(await Promise.all([first, second])).toEqual([{ kind: "handled" }, { kind: "handled" }]);
  expect(runs).toHaveLength(1);
});

test("an isolated event that fails without a crash is tried again as usual, and others may run", async () => {
  const { processor, runs, takeMore } = setupIsolation({ crashes: 4, alone: 1 });
  const alone = processor.process(eventOf(), suspect);
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  runs[0]?.fail(new Error("no"));

  expect(await alone).toMatchObject({ kind: "retry" });
  expect(takeMore).toHaveBeenLastCalledWith(true);
});

test("after two crashes alone an event is parked with that reason, without a run", async () => {
  const { processor, run, meter, said } = setupIsolation({ crashes: 5, alone: 2 });

  expect(await processor.process(eventOf(), suspect)).toMatchObject({
    kind: "parked",
    error: expect.objectContaining({
      message: expect.stringContaining(
        "its process crashed 5 times in a row while this event ran, the last 2 times with nothing else running",
      ),
    }),
  });
  expect(run).not.toHaveBeenCalled();
  expect(meter.total("parked")).toBe(1);
  expect(said("error")).toEqual(["parked: it stays until someone retries or discards it"]);
});

test("an event whose success was stored before the last crash is handled, however often it crashed", async () => {
  const { processor, run, inbox } = setupIsolation({ crashes: 5, alone: 2 });
  inbox.ran.mockResolvedValue(true);

  expect(await processor.process(eventOf(), suspect)).toEqual({ kind: "handled" });
  expect(run).not.toHaveBeenCalled();
});

test("if the process stops while a suspect event waits for the others, it goes back at once and its isolated start does not count", async () => {
  const { processor, runs, crashes } = setupIsolation();
  void processor.process(eventNamed("other"), FIRST);
  const alone = processor.process(eventNamed("suspect"), suspect);
  await vi.waitFor(() => expect(runs).toHaveLength(1));

  void processor.drain(AbortSignal.timeout(60_000), 1_000);

  expect(await alone).toEqual({ kind: "returned" });
  expect(crashes.startAlone).not.toHaveBeenCalled();
});

test("an event whose earlier run succeeded does not wait for the others", async () => {
  const { processor, runs, inbox, takeMore, ranFor } = setupIsolation();
  void processor.process(eventNamed("other"), FIRST);
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  inbox.ran.mockResolvedValue(true);

  expect(await processor.process(eventNamed("suspect"), suspect)).toEqual({ kind: "handled" });
  expect(ranFor()).toEqual(["other"]);
  expect(takeMore).not.toHaveBeenCalled();
});

/** The suspect's handler gives up when its signal aborts. */
async function cutOff({ processor, run }: ReturnType<typeof setupIsolation>) {
  run.mockImplementation(
    ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  );
  const alone = processor.process(eventOf(), suspect);
  await vi.waitFor(() => expect(run).toHaveBeenCalledOnce());
  void processor.drain(AbortSignal.abort(), 1_000);
  return await alone;
}

test("if a stop cuts an isolated run off, its event goes back and the isolated start does not count", async () => {
  const parts = setupIsolation();
  const { crashes } = parts;

  expect(await cutOff(parts)).toEqual({ kind: "returned" });
  expect(crashes.giveBack).toHaveBeenCalledWith({ event: eventOf(), attempt: 1, start: 7 });
});

test("an isolated attempt that its handler puts off does not count as an isolated start", async () => {
  const { processor, run, crashes } = setupIsolation();
  run.mockRejectedValueOnce(new RetryAfterError("closed", 1_000, { usesAttempt: false }));

  expect(await processor.process(eventOf(), suspect)).toMatchObject({ kind: "retry", usesAttempt: false });
  expect(crashes.giveBack).toHaveBeenCalledWith({ event: eventOf(), attempt: 1, start: 7 });

  run.mockRejectedValueOnce(new Error("broken"));
  await processor.process(eventOf(), suspect);
  expect(crashes.giveBack).toHaveBeenCalledOnce();
});

test("if the return of an isolated start cannot be stored, its event goes back all the same and no attempt is used", async () => {
  const parts = setupIsolation();
  const { crashes, said } = parts;
  crashes.giveBack.mockRejectedValueOnce(new Error("away"));

  expect(await cutOff(parts)).toEqual({ kind: "returned" });
  expect(said("warn")).toContain("cannot note that it was given up to stop in time: it counts as a crash");
});

test("an event whose crashes cannot be looked up does not run, and others do", async () => {
  const { processor, run, runs, crashes } = setupIsolation();
  crashes.count.mockRejectedValueOnce(new Error("away"));

  await expect(processor.process(eventOf(), suspect)).rejects.toThrow("away");
  expect(run).not.toHaveBeenCalled();

  void processor.process(eventNamed("other"), FIRST);
  await vi.waitFor(() => expect(runs).toHaveLength(1));
});

test("an event whose isolated start cannot be recorded does not run, and others do", async () => {
  const { processor, runs, crashes, ranFor, takeMore } = setupIsolation();
  crashes.startAlone.mockRejectedValueOnce(new Error("away"));

  await expect(processor.process(eventNamed("suspect"), suspect)).rejects.toThrow("away");
  expect(takeMore).toHaveBeenLastCalledWith(true);

  void processor.process(eventNamed("other"), FIRST);
  await vi.waitFor(() => expect(runs).toHaveLength(1));
  expect(ranFor()).toEqual(["other"]);
});
