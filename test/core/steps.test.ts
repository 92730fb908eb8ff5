import { expect, test, vi } from "vitest";
import { PermanentError } from "../../src/core/errors.ts";
import { createMemorySteps } from "../../src/core/memory-steps.ts";
import { createSteps } from "../../src/core/steps.ts";
import { CLAIM_MS, STEP_LIMITS, type StepStore } from "../../src/core/step-store.ts";
import { useFakeClock } from "../support/fake-clock.ts";
import { recordingLog } from "../support/recording.ts";
import { byHand, eventOf, FIRST, setup as setupProcessor } from "./processor-setup.ts";

const REF = { id: "ev-1", fingerprint: "fp-1", source: "fake/1" };

function setup(changes: Partial<StepStore> = {}) {
  useFakeClock();
  const { log, said } = recordingLog();
  const kept = createMemorySteps();
  const store: StepStore = { ...kept, ...changes };
  /** Starts another attempt of the same event. */
  const attempt = () => {
    const [time, settled] = [new AbortController(), new AbortController()];
    const options = { event: eventOf(), store, log: () => log, signal: time.signal, settled: settled.signal };
    return { ...createSteps(options), time, settled };
  };
  return { kept, said, attempt };
}

/** An effect that the test ends. */
function effect() {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  return { run: vi.fn<(key: string) => Promise<unknown>>(() => promise), resolve, reject };
}

test("a step that succeeded is not run again by a later attempt", async () => {
  const { attempt } = setup();
  const run = vi.fn<(key: string) => Promise<{ charge: string }>>(async () => ({ charge: "c1" }));

  expect(await attempt().step("charge", run)).toEqual({ charge: "c1" });
  expect(await attempt().step("charge", run)).toEqual({ charge: "c1" });

  expect(run).toHaveBeenCalledExactlyOnceWith("ev-1:charge");
});

test("the first attempt gets a step's result as JSON would store it, as later attempts do", async () => {
  const { attempt } = setup();
  const results = { none: undefined, date: new Date(0), inner: { left: undefined, kept: [Number.NaN] } };
  const expected = [undefined, "1970-01-01T00:00:00.000Z", { kept: [null] }];

  for (let n = 1; n <= 2; n++) {
    const { step } = attempt();
    const got: unknown[] = [];
    for (const [name, result] of Object.entries(results)) got.push(await step<unknown>(name, () => result));
    expect(got).toEqual(expected);
  }
});

test("a step that failed runs again in the next attempt without a wait", async () => {
  const { attempt } = setup();
  await expect(attempt().step("charge", () => Promise.reject(new Error("declined")))).rejects.toThrow("declined");
  expect(await attempt().step("charge", () => 2)).toBe(2);
});

test.for([
  ["a name twice", async (step) => (await step("a", () => 1), await step("a", () => 2)), /step "a" was called twice/],
  ["no name", (step) => step("", () => 1), /name is a text of 1 to 100 characters/],
  ["a result that is too large", (step) => step("a", () => "x".repeat(70_000)), /"a" returned 70002 .* 65536 bytes/],
  ["a result that JSON cannot hold", (step) => step("a", () => 1n), /"a" returned a value that JSON cannot hold/],
  [
    "too many steps",
    async (step) => {
      for (let n = 0; n <= STEP_LIMITS.steps; n++) await step(`${n}`, () => n);
    },
    /step "32" is one too many: an event has at most 32 steps/,
  ],
  [
    "results that are too large together",
    async (step) => {
      for (let n = 0; n < 6; n++) await step(`${n}`, () => "x".repeat(60_000));
    },
    /step "4" returned .* all results of an event may have 262144 bytes/,
  ],
] satisfies readonly (readonly [string, (step: ReturnType<typeof createSteps>["step"]) => Promise<unknown>, RegExp])[])(
  "%s parks the event, with the limit in its reason",
  async ([, run, reason]) => {
    const { attempt } = setup();
    const failed = Promise.resolve(run(attempt().step));
    await expect(failed).rejects.toThrow(reason);
    await expect(failed).rejects.toBeInstanceOf(PermanentError);
  },
);

test("a second attempt waits while the first one runs the step, and gets its result", async () => {
  const { attempt } = setup();
  const [slow, other] = [effect(), effect()];
  const first = attempt().step("charge", slow.run);
  const second = attempt().step("charge", other.run);
  await vi.advanceTimersByTimeAsync(10 * CLAIM_MS);
  slow.resolve("c1");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await Promise.all([first, second])).toEqual(["c1", "c1"]);
  expect(other.run).not.toHaveBeenCalled();
});

test("the wait for a step ends with the attempt's time limit", async () => {
  const { attempt } = setup();
  void attempt().step("charge", effect().run);
  const second = attempt();
  const waiting = expect(second.step("charge", effect().run)).rejects.toThrow("time is up");
  await vi.advanceTimersByTimeAsync(CLAIM_MS);
  second.time.abort(new Error("time is up"));
  await waiting;
});

test("no step starts after the attempt's time limit", async () => {
  const { attempt } = setup();
  const { step, time } = attempt();
  const { run } = effect();
  time.abort(new Error("time is up"));
  await expect(step("charge", run)).rejects.toThrow("time is up");
  expect(run).not.toHaveBeenCalled();
});

test("the step of an attempt that was given up is taken over, and its late result is ignored", async () => {
  const { attempt } = setup();
  const [endless, other] = [effect(), effect()];
  const [first, second] = [attempt(), attempt()];
  const late = first.step("charge", endless.run);
  first.settled.abort("given up");
  const taken = second.step("charge", other.run);
  await vi.advanceTimersByTimeAsync(CLAIM_MS + 2_000);
  expect(other.run).toHaveBeenCalledOnce();
  endless.resolve("too late");
  await vi.advanceTimersByTimeAsync(1_000);
  other.resolve("in time");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await Promise.all([late, taken])).toEqual(["in time", "in time"]);
});

test("a step's result is stored in the end, even if the store fails at first", async () => {
  const store = vi.fn<StepStore["store"]>().mockRejectedValueOnce(new Error("READONLY"));
  const { attempt, kept, said } = setup({ store });
  store.mockImplementation(kept.store);
  const { run } = effect();
  run.mockResolvedValue("c1");
  const first = attempt().step("charge", run);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await first).toBe("c1");
  expect(run).toHaveBeenCalledOnce();
  expect(said("warn")).toEqual(["cannot keep a step's result, trying again"]);
});

test("a stored success says whether steps were used", async () => {
  const { processor, run, inbox, steps } = setupProcessor();
  run.mockImplementationOnce(async ({ step }) => void (await step("charge", () => 1)));
  await processor.process(eventOf(), FIRST);
  await processor.process(eventOf({ id: "ev-2", fingerprint: "fp-2" }), FIRST);
  expect(inbox.mark.mock.calls.map(([{ id }, , , left]) => [id, left])).toEqual([
    ["ev-1", { hasSteps: true }],
    ["ev-2", {}],
  ]);
  expect(steps.ids()).toEqual(["ev-1"]);
});

test("a retry skips the steps that succeeded", async () => {
  const { processor, run } = setupProcessor();
  const [charge, mail] = [vi.fn<() => string>(() => "c1"), vi.fn<(text: unknown) => void>()];
  run.mockImplementation(async ({ attempt, step }) => {
    const id = await step("charge", charge);
    if (attempt === 1) throw new Error("the mail server is away");
    await step("mail", () => mail(id));
  });
  await processor.process(eventOf(), FIRST);
  expect(await processor.process(eventOf(), { number: 2, startedBefore: true })).toEqual({ kind: "handled" });
  expect(charge).toHaveBeenCalledOnce();
  expect(mail).toHaveBeenCalledExactlyOnceWith("c1");
});

test("a step that its handler did not await is refused after the attempt, with a message that says so", async () => {
  const { processor, run } = setupProcessor();
  const runs = byHand(run);
  const ended = processor.process(eventOf(), FIRST);
  await vi.advanceTimersByTimeAsync(0);
  runs[0]?.succeed();
  await ended;
  const late = runs[0]?.context.step("charge", () => 1);
  await expect(late).rejects.toThrow('step "charge" was called after its attempt had ended: await every step');
});

test("a step of an event that ended meanwhile does not run", async () => {
  const { attempt } = setup({ claim: async () => ({ kind: "over" }) });
  const { run } = effect();
  await expect(attempt().step("charge", run)).rejects.toThrow(
    '"charge" was not run: the event was handled or given up',
  );
  expect(run).not.toHaveBeenCalled();
});

test("the steps of an event that Redis lost while it ran still run, without stored results", async () => {
  const store = vi.fn<StepStore["store"]>();
  const { attempt } = setup({ claim: async () => ({ kind: "lost" }), store });
  expect(await attempt().step("charge", () => "c1")).toBe("c1");
  expect(store).not.toHaveBeenCalled();
});

test("a step's claim holds only the event's ids, not its body", async () => {
  const claim = vi.fn<StepStore["claim"]>(async () => ({ kind: "lost" }));
  const { attempt } = setup({ claim });
  await attempt().step("charge", () => 1);
  expect(claim.mock.calls[0]?.[0].event).toEqual(REF);
});
