import { vi } from "vitest";
import type { Handlers, ResolvedHandler } from "../../src/core/handlers.ts";
import { createMemorySteps } from "../../src/core/memory-steps.ts";
import { type Attempt, Processor } from "../../src/core/processor.ts";
import type { ProcessorOptions } from "../../src/core/processor-options.ts";
import type { CallbackEvent } from "../../src/core/event.ts";
import type { HandlerContext } from "../../src/core/handler.ts";
import { useFakeClock } from "../support/fake-clock.ts";
import { fakeInbox } from "../support/fake-inbox.ts";
import { recordingLog, RecordingMeter } from "../support/recording.ts";

export const FIRST: Attempt = { number: 1, startedBefore: false };

type Options = Partial<Omit<ResolvedHandler, "run">> &
  Partial<Pick<ProcessorOptions, "unhandled" | "log" | "meter" | "isolation" | "gate" | "note" | "showProgress">>;

export function setup({ unhandled = "park", ...options }: Options = {}) {
  useFakeClock();
  const inbox = fakeInbox();
  const meter = new RecordingMeter();
  const { log, said, lines } = recordingLog();
  const watched = { log, meter, ...options };
  const confirm = vi.fn<ProcessorOptions["confirm"]>();
  const run = vi.fn<ResolvedHandler["run"]>();
  const find = vi.fn<Handlers["find"]>(() => ({
    run,
    attempts: 20,
    backoffMs: 1_000,
    timeoutMs: 600_000,
    ...options,
  }));
  const steps = createMemorySteps();
  const processor = new Processor({ handlers: { find }, inbox, steps, confirm, unhandled, ...watched });
  return {
    inbox,
    steps,
    meter,
    log,
    said,
    lines,
    confirm,
    run,
    find,
    processor,
    /** The ids whose success was stored, each with whether a handler ran. */
    marked: () => inbox.mark.mock.calls.map(([{ id }, ran]) => [id, ran]),
    /** The ids that the handler ran for. */
    ranFor: () => run.mock.calls.map(([{ event }]) => event.id),
  };
}

export function eventOf(changes: Partial<CallbackEvent> = {}): CallbackEvent {
  return {
    id: "ev-1",
    fingerprint: "fp-1",
    vendor: "fake",
    source: "fake/1",
    door: "pull",
    type: "Uploaded",
    receivedAt: "2026-11-20T10:00:00.000Z",
    body: { file: "f1" },
    ...changes,
  };
}

/** A handler whose runs the test ends one by one. */
export function byHand(run: ReturnType<typeof setup>["run"]) {
  const runs: { readonly context: HandlerContext; succeed(): void; fail(err: unknown): void }[] = [];
  run.mockImplementation((context) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    runs.push({ context, succeed: () => resolve(), fail: reject });
    return promise;
  });
  return runs;
}

/** A handler that rejects with its signal's reason, as `fetch` does. */
export function obedient({ signal }: HandlerContext): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}
