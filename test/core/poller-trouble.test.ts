import { describe, expect, test, vi } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { pass } from "../support/fake-clock.ts";
import { isBackoff, setup } from "./poller-setup.ts";

const outage = new VendorError("outage", "no answer");
const denied = new VendorError("configuration", "not allowed", { fix: "allow vod:PullEvents" });

describe("after a failed pull", () => {
  test.each(["outage", "limit", "refused"] as const)(
    "by %s the poller tries again for ever, with pauses that double from 200 ms to 30 s",
    async (kind) => {
      const { poller, source, gaps } = setup();
      Object.assign(source, { answerMs: 0 });
      source.failing.pull = new VendorError(kind, "no");

      poller.start();
      await pass(600_000);

      expect(gaps().length).toBeGreaterThan(20);
      expect(isBackoff(gaps(), { firstMs: 200, mostMs: 30_000 })).toBe(true);
    },
  );

  test.each(["configuration", "clock"] as const)(
    "by %s, which a person must fix, the pauses double from 5 s to a minute",
    async (kind) => {
      const { poller, source, gaps } = setup();
      Object.assign(source, { answerMs: 0 });
      source.failing.pull = new VendorError(kind, "no");

      poller.start();
      await pass(900_000);

      expect(gaps().length).toBeGreaterThan(14);
      expect(isBackoff(gaps(), { firstMs: 5_000, mostMs: 60_000 })).toBe(true);
    },
  );

  test("the pauses are short again once a pull has succeeded", async () => {
    const { poller, source, gaps } = setup();
    vi.spyOn(Math, "random").mockReturnValue(1);
    const works = undefined;
    source.publish(1);
    source.failNext("pull", outage, outage, outage, works, outage, outage, outage);

    poller.start();
    await pass(3_000);

    expect(gaps().map((gap) => gap - source.answerMs)).toEqual([200, 400, 800, 0, 200, 400, 800]);
  });

  test("the failure is counted by its kind, and does not count as an answer of the vendor", async () => {
    const { poller, source, meter } = setup();
    source.failNext("pull", outage, new Error("something else"));

    poller.start();
    await pass(1_000);

    expect(meter.total("calls", { action: "pull", outcome: "outage" })).toBe(1);
    expect(meter.total("calls", { action: "pull", outcome: "error" })).toBe(1);
    expect(poller.lastPullAt).toBeUndefined();
  });
});

describe("the poller's trouble", () => {
  test("that heals by itself is logged once, as a warning, however long it lasts", async () => {
    const { poller, source, said } = setup();
    const began = Date.now();
    source.failing.pull = outage;

    poller.start();
    await pass(600_000);

    expect(said("warn", "error")).toEqual(["pull failed, will go on trying"]);
    expect(said("error")).toEqual([]);
    expect(poller.trouble).toEqual({ message: "no answer", since: new Date(began + source.answerMs) });
  });

  test("that a person must fix is logged once, as an error with the fix", async () => {
    const { poller, source, said, lines } = setup();
    source.failing.pull = denied;

    poller.start();
    await pass(600_000);

    expect(said("warn", "error")).toEqual(["pull failed, will go on trying"]);
    expect(said("error")).toHaveLength(1);
    expect(lines).toEqual([expect.objectContaining({ source: "fake/1", fix: "allow vod:PullEvents" })]);
    expect(poller.trouble).toMatchObject({ message: "not allowed", fix: "allow vod:PullEvents" });
  });

  test("that changes its kind is logged again, and keeps its start time", async () => {
    const { poller, source, said } = setup();
    const began = Date.now();
    source.failing.pull = outage;
    poller.start();
    await pass(120_000);

    source.failing.pull = denied;
    await pass(120_000);

    expect(said("warn", "error")).toHaveLength(2);
    expect(poller.trouble).toMatchObject({ message: "not allowed", since: new Date(began + source.answerMs) });
  });

  test("ends with the next pull that works, which is logged once", async () => {
    const { poller, source, said } = setup();
    source.failNext("pull", outage, outage, outage);

    poller.start();
    await pass(60_000);

    expect(said("info")).toEqual(["pulling again"]);
    expect(poller.trouble).toBeUndefined();
  });

  test("is not reported as over if there was none", async () => {
    const { poller, source, said } = setup();
    source.publish(100);

    poller.start();
    await pass(60_000);

    expect(said("info", "warn", "error")).toEqual([]);
  });

  test.each([
    ["that gives no turn", "turn"],
    ["that accepts nothing", "accept"],
    ["that draws no conclusions", "quiet"],
    ["that knows no room", "place"],
  ] as const)("with a store %s does not end the loop", async (_, step) => {
    const { poller, source, inbox, said, accepted } = setup();
    inbox[step].mockRejectedValueOnce(new Error("the store is away"));
    if (step === "accept") source.publish(1);

    poller.start();
    await pass(6_000);
    expect(said("warn", "info")).toContain("pull failed, will go on trying");
    source.publish(1);
    await pass(6_000);

    expect(accepted().length).toBeGreaterThan(0);
    expect(poller.trouble).toBeUndefined();
  });

  test("can be a thrown value that is no error", async () => {
    const { poller, source } = setup();
    source.failing.pull = "just a text";

    poller.start();
    await pass(1_000);

    expect(poller.trouble).toMatchObject({ message: "just a text" });
  });
});

test("an empty answer counts as an answer of the vendor", async () => {
  const { poller } = setup();

  poller.start();
  await pass(5_010);

  expect(poller.lastPullAt).toEqual(new Date());
});

test("an outage during a backlog ends the parallel pulls, and they return after it", async () => {
  const { poller, source, accepted } = setup();
  source.publish(16 * 1_000);
  poller.start();
  await pass(100);
  expect(source.mostRunning).toBe(8);

  source.failing.pull = outage;
  await pass(120_000);
  source.mostRunning = 0;
  await pass(120_000);
  expect(source.mostRunning).toBe(1);
  delete source.failing.pull;
  await pass(60_000);

  expect(source.mostRunning).toBe(8);
  expect(new Set(accepted()).size).toBe(16_000);
});

test("if even reporting a failure fails, the loop ends with an error and never silently", async () => {
  const { poller, source, failed } = setup();
  source.failing.pull = outage;
  const broken = new Error("broken");
  Object.defineProperty(source, "name", {
    get() {
      throw broken;
    },
  });

  poller.start();
  await pass(1_000);

  expect(failed).toHaveBeenCalledExactlyOnceWith(broken);
  await poller.stop(AbortSignal.timeout(1_000));
});
