import { describe, expect, test, vi } from "vitest";
import { AS_IT_IS, createLogGroups, OFTEN } from "../../src/core/log-groups.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";
import { recordingLog } from "../support/recording.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

function setup() {
  useFakeClock();
  const recording = recordingLog();
  const groups = createLogGroups();
  const log = groups.of(recording.log);
  /** All lines above the level debug. */
  const lines = () => recording.lines.filter(({ level }) => Number(level) > 20);
  const fail = (message = "no answer", about: object = {}) => log.warn({ err: new Error(message), ...about }, "failed");
  return { ...recording, log, groups, lines, fail };
}

describe("an error that is logged again and again", () => {
  test("is written with its stack once, and then counted once a minute", async () => {
    const { lines, fail, groups } = setup();

    for (let n = 0; n < 300; n++) {
      fail(`no answer from 10.0.0.${n} for ${n} ms`, { id: `ev-${n}` });
      await pass(1_000);
    }
    groups.close();

    const [first, ...summaries] = lines();
    expect(first).toMatchObject({ msg: "failed", id: "ev-0", err: { stack: expect.stringContaining("    at ") } });
    expect(summaries).toHaveLength(5);
    expect(summaries[0]).toMatchObject({ msg: "failed", id: "ev-60", reason: "no answer from 10.0.0.60 for 60 ms" });
    expect(JSON.stringify(summaries)).not.toContain("    at ");
    expect(summaries.map(({ more }) => Number(more)).reduce((sum, more) => sum + more)).toBe(299);
  });

  test("is written at once if it returns after a quiet minute, and with its stack after an hour", async () => {
    const { lines, fail } = setup();
    fail();

    await pass(2 * MINUTE_MS);
    fail();
    await pass(HOUR_MS);
    fail();

    expect(lines().map((line) => ["err" in line, line["reason"], line["more"]])).toEqual([
      [true, undefined, undefined],
      [false, "no answer", undefined],
      [true, undefined, undefined],
    ]);
  });

  test("is written each time at debug level, without its stack", () => {
    const { lines, fail } = setup();
    fail();
    fail("no answer", { id: "ev-2" });

    expect(lines()).toHaveLength(1);
  });

  test("is a new error if its message, class, sentence, level, source or type differs", () => {
    const { log, lines, fail } = setup();
    const err = new Error("no answer");

    for (let n = 0; n < 2; n++) {
      fail();
      fail("refused");
      log.warn({ err: new TypeError("no answer") }, "failed");
      log.warn({ err }, "failed otherwise");
      log.error({ err }, "failed");
      log.child({ source: "a" }).warn({ err }, "failed");
      log.child({ source: "a" }).child({ type: "Uploaded" }).warn({ err }, "failed");
    }

    expect(lines()).toHaveLength(7);
  });

  test("is the same error for different events", () => {
    const { log, lines } = setup();

    for (let n = 0; n < 50; n++) log.child({ source: "a", id: `ev-${n}` }).error({ err: new Error("no") }, "parked");

    expect(lines()).toMatchObject([{ id: "ev-0" }]);
  });
});

test("counts that are not yet logged are logged at the end, and no timer keeps the process alive", () => {
  const { fail, groups, lines } = setup();
  for (let n = 0; n < 3; n++) fail();

  groups.close();

  expect(lines()).toMatchObject([{ msg: "failed" }, { msg: "failed", more: 2 }]);
  expect(vi.getTimerCount()).toBe(0);
});

test("lines without an error are written as they come, unless they are marked for grouping", () => {
  const { log, said } = setup();

  for (let n = 0; n < 3; n++) {
    log.warn({ id: n }, "given up by hand");
    log.warn("a note");
    log.info({ ...OFTEN, source: "a" }, "pulling again");
    log.info({ ...OFTEN, source: "b" }, "pulling again");
  }

  expect(said("warn")).toHaveLength(6);
  expect(said("info")).toEqual(["pulling again", "pulling again"]);
});

test("a handler's own lines are written as they come", () => {
  const { log, said, lines } = setup();
  const own = log.child({ source: "a" }).child(AS_IT_IS).child({ step: 1 });

  for (let n = 0; n < 3; n++) own.warn({ err: new Error("no answer") }, "failed");

  expect(said("warn")).toHaveLength(3);
  expect(lines()[0]).toMatchObject({ source: "a", step: 1 });
});

test("errors with ever new messages fill neither log nor memory, and hide no other error", async () => {
  const { log, lines, fail } = setup();

  for (let n = 0; n < 2_000; n++) fail(`no ${"abcdefghij"[n % 10]?.repeat(n / 10)} there`);
  expect(lines().length).toBeLessThan(105);
  log.error({ err: new Error("disk full") }, "another sentence");
  expect(lines().at(-1)).toMatchObject({ msg: "another sentence", err: { message: "disk full" } });

  await pass(HOUR_MS);
  const before = lines().length;
  fail("a new one");
  expect(lines().slice(before)).toMatchObject([{ err: { message: "a new one" } }]);
});

test("a night with a vendor that fails on and off gives one line a minute", async () => {
  const { log, lines, fail } = setup();

  for (let n = 0; n < 8 * 3_600; n++) {
    if (n % 10 === 0) fail("HTTP 502", { source: "tencent-vod" });
    if (n % 10 === 1) log.info({ ...OFTEN, source: "tencent-vod" }, "pulling again");
    await pass(1_000);
  }

  expect(lines().length).toBeLessThanOrEqual(2 * 8 * 60 + 2);
  expect(lines().filter(({ err }) => err)).toHaveLength(1);
});
