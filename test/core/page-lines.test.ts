import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { RetryAfterError } from "../../src/core/errors.ts";
import { keepLines, PAGE_LIMITS } from "../../src/core/page-lines.ts";
import { eventOf, FIRST, setup } from "./processor-setup.ts";

function lines(log: (log: ReturnType<typeof keepLines>["log"]) => void): readonly string[] {
  vi.useFakeTimers({ now: 0 });
  const kept = keepLines(pino({ level: "info" }, { write: () => {} }), "attempt 2");
  log(kept.log);
  return kept.lines();
}

test("the event's page keeps each log line of a handler, with its plain fields and its error in one line", () => {
  const kept = lines((log) => {
    log.info("copied %d files", 3);
    log.warn({ file: "f1", ms: 12, request: { key: "secret" }, err: new Error("away", { cause: "no route" }) }, "slow");
    log.error(new Error("broken"));
    log.child({ part: 1 }).info({ done: true }, "part");
    log.debug("not at this level");
  });
  expect(kept).toEqual([
    "1970-01-01T00:00:00.000Z attempt 2 info: copied 3 files",
    "1970-01-01T00:00:00.000Z attempt 2 warn: slow file=f1 ms=12 err=away: no route",
    "1970-01-01T00:00:00.000Z attempt 2 error: broken",
    "1970-01-01T00:00:00.000Z attempt 2 info: part done=true",
  ]);
});

test("of many log lines the event's page keeps the last ones, each of limited length", () => {
  const kept = lines((log) => {
    log.info("x".repeat(10_000));
    for (let n = 0; n < 1_000; n++) log.info(`line ${n}`);
  });
  expect(kept).toHaveLength(PAGE_LIMITS.lines);
  expect(kept.at(-1)).toMatch(/line 999$/);
  const long = lines((log) => {
    for (let n = 0; n < 9; n++) log.info("☕".repeat(10_000));
  });
  expect(long.every(({ length }) => length === PAGE_LIMITS.length)).toBe(true);
  expect(Buffer.byteLength(long.join(""))).toBeLessThanOrEqual(PAGE_LIMITS.bytes);
});

test("logged values that cannot be shown do no harm", () => {
  const kept = keepLines(pino({}, { write: () => {} }), "attempt 1");
  const strange = new Proxy(
    {},
    {
      ownKeys() {
        throw new Error("never");
      },
    },
  );
  Reflect.apply(kept.log.info, kept.log, ["sentence", strange]);
  kept.log.info({ symbol: Symbol("s"), nothing: null }, "fields");
  expect(kept.lines()).toHaveLength(2);
});

test("log lines and progress are stored together with the success", async () => {
  const { processor, run, inbox } = setup();
  run.mockImplementationOnce(async ({ log, progress }) => {
    log.info("begun");
    progress(10);
    progress({ percent: 100 });
  });
  await processor.process(eventOf(), FIRST);
  await processor.process(eventOf({ id: "ev-2", fingerprint: "fp-2" }), FIRST);
  const left = inbox.mark.mock.calls.map(([, , , one]) => one);
  expect(left).toEqual([{ lines: [expect.stringMatching(/attempt 1 info: begun$/)], progress: '{"percent":100}' }, {}]);
});

test("log lines and progress of a failed attempt are stored without an extra command", async () => {
  const { processor, run, inbox } = setup();
  run.mockImplementationOnce(async ({ log }) => {
    log.info("begun");
    throw new Error("broken");
  });
  await processor.process(eventOf(), FIRST);
  expect(inbox.ran.mock.calls.map(([, left]) => left)).toEqual([{ lines: [expect.stringMatching(/begun$/)] }]);
});

test("a handler's progress is shown at most once a second", async () => {
  const showProgress = vi.fn<(event: unknown, progress: unknown) => void>();
  const { processor, run } = setup({ showProgress });
  run.mockImplementationOnce(async ({ progress }) => {
    for (let n = 1; n <= 29; n++) {
      progress(n);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  const ended = processor.process(eventOf(), FIRST);
  await vi.advanceTimersByTimeAsync(3_000);
  await ended;
  expect(showProgress.mock.calls.map(([, progress]) => progress)).toEqual([10, 20]);
  expect(showProgress.mock.calls[0]?.[0]).toEqual({ id: "ev-1", fingerprint: "fp-1", source: "fake/1" });
});

test("progress that cannot be stored is logged, and the event is handled all the same", async () => {
  const { processor, run, inbox, said } = setup();
  const circle: Record<string, unknown> = {};
  circle["again"] = circle;
  run.mockImplementationOnce(async ({ progress }) => {
    progress("x".repeat(5_000));
    Reflect.apply(progress, undefined, [circle]);
    Reflect.apply(progress, undefined, [undefined]);
  });
  expect(await processor.process(eventOf(), FIRST)).toEqual({ kind: "handled" });
  expect(inbox.mark.mock.calls[0]?.[3]).toEqual({});
  expect(said("warn")).toEqual([
    "progress of more than 4096 bytes of JSON is not kept: report less, such as a number",
    "progress that JSON cannot hold is not kept: report plain data, such as a number",
    "progress that JSON cannot hold is not kept: report plain data, such as a number",
  ]);
});

test("an attempt that its handler puts off does not count, however often, and the event's page shows why", async () => {
  const { processor, run, inbox, meter, said } = setup({ attempts: 2 });
  run.mockRejectedValue(new RetryAfterError("the service is closed", 60_000, { usesAttempt: false }));
  for (const number of [1, 2, 2]) {
    const outcome = await processor.process(eventOf(), { number, startedBefore: false });
    expect(outcome).toMatchObject({ kind: "retry", afterMs: 60_000, usesAttempt: false });
  }
  expect(inbox.ran.mock.calls[0]?.[1]?.lines).toEqual([
    expect.stringMatching(/attempt 1 was put off: the service is closed$/),
  ]);
  expect(meter.total("attempts_failed")).toBe(0);
  expect(said("info")).toContain("put off by its handler, without using an attempt");
});
