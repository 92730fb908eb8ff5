import { expect, test, vi } from "vitest";
import { tellStray } from "../../src/core/strays.ts";
import type { EventRef } from "../../src/core/event.ts";
import { eventOf, FIRST, setup } from "./processor-setup.ts";

const STRAY = "a promise that the handler does not wait for was rejected: await it, or the event counts as handled";

/** Reports a stray error in its own async context, as Node does for an unhandled rejection. */
function leaveBehind(thrown: unknown): void {
  queueMicrotask(() => tellStray(thrown));
}

test("a promise that a handler left behind and that was rejected is logged with its event, counted, and noted on the event's page", async () => {
  const note = vi.fn<(event: EventRef, line: string) => void>();
  const { processor, run, lines, said, meter } = setup({ note });
  run.mockImplementation(() => leaveBehind(new Error("no space")));

  expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "handled" });

  expect(said("error")).toEqual([STRAY]);
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: STRAY, id: "ev-1", type: "Uploaded", source: "fake/1", attempt: 1 }),
  );
  expect(meter.total("stray_rejections", { source: "fake/1", type: "Uploaded" })).toBe(1);
  expect(note.mock.calls).toEqual([
    [{ id: "ev-1", fingerprint: "fp-1", source: "fake/1" }, `attempt 1: ${STRAY}: no space`],
  ]);
});

test("rejected promises of handlers that run at the same time are noted on the right event each", async () => {
  const note = vi.fn<(event: EventRef, line: string) => void>();
  const { processor, run } = setup({ note });
  run.mockImplementation(({ event, attempt }) => leaveBehind(`${event.id} ${attempt}`));

  const events = ["a", "b", "c"].map((id) => eventOf({ id, fingerprint: id }));
  await Promise.all(events.map((event, index) => processor.process(event, { ...FIRST, number: index + 1 })));

  expect(note.mock.calls.map(([{ id }, line]) => [id, line.split(": ").at(-1)])).toEqual([
    ["a", "a 1"],
    ["b", "b 2"],
    ["c", "c 3"],
  ]);
});

test("reporting a rejected promise never fails, whatever value it was rejected with", async () => {
  const { processor, run, said } = setup();
  run.mockImplementation(() => leaveBehind(null));

  expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "handled" });
  expect(said("error")).toEqual([STRAY]);
});
