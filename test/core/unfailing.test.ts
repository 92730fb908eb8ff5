import { pino } from "pino";
import { describe, expect, test, vi } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { createHolder } from "../../src/core/holder.ts";
import { unfailingLog } from "../../src/core/unfailing.ts";
import { failingLog, failingMeter } from "../support/failing.ts";
import { pass, useFakeClock } from "../support/fake-clock.ts";
import { fakeInbox } from "../support/fake-inbox.ts";
import { FakeSource } from "../support/fake-source.ts";
import { recordingLog } from "../support/recording.ts";
import { setup as setupConfirmer } from "./confirmer-setup.ts";
import { setup as setupPoller } from "./poller-setup.ts";

const outage = new VendorError("outage", "no answer");
const dying = { receipt: "r0", openUntil: 0 };
const unwatched = () => ({ log: failingLog().log, meter: failingMeter() });

describe("a log that must not throw", () => {
  test("writes each line with the fields of its parent logs, at their levels", () => {
    const { log, lines } = recordingLog();

    const child = unfailingLog(log).child({ id: "ev-1" }).child({ attempt: 2 });
    child.info({ ms: 3 }, "done");
    child.trace("not asked for");

    expect(lines).toEqual([expect.objectContaining({ id: "ev-1", attempt: 2, ms: 3, msg: "done" })]);
  });

  test("reports the line that it could not write, and why", () => {
    const { log, lines } = recordingLog();
    const unreadable = {
      get file() {
        throw new Error("closed");
      },
    };

    unfailingLog(log).info(unreadable, "uploaded");

    expect(lines).toEqual([
      expect.objectContaining({ line: "uploaded", reason: "closed", msg: "a line could not be logged" }),
    ]);
  });

  test("stays silent if nothing can be written at all, in child logs too", () => {
    const { log, tries } = failingLog();

    unfailingLog(log).child({ id: "ev-1" }).child({}).error("lost");

    expect(tries()).toBeGreaterThan(0);
  });

  test("is wrapped only once, however many parts ask for it", () => {
    const log = unfailingLog(pino({ level: "silent" }));

    expect(unfailingLog(log)).toBe(log);
  });
});

describe("if log and meter throw,", () => {
  test("pulling goes on, and pulled events are accepted and confirmed", async () => {
    const { poller, source, accepted, answerAll, confirm } = setupPoller(unwatched());
    const confirmation = {
      id: "ev-r0",
      source: "fake/1",
      fingerprint: "f",
      receipt: "r0",
      openUntil: 1,
      closedFrom: 1,
    };
    answerAll({ verdict: "confirm", id: "ev-r0", confirmation });
    source.publish(1);
    source.failNext("pull", outage, new Error("something else"));

    poller.start();
    await pass(60_000);

    expect(accepted()).toEqual(["r0"]);
    expect(confirm).toHaveBeenCalledExactlyOnceWith(confirmation);
    expect(source.pulls.length).toBeGreaterThan(5);
  });

  test("confirming goes on after an outage, and is stored", async () => {
    const { addMany, source, settled } = setupConfirmer(unwatched());
    source.failNext("confirm", outage);

    const receipts = addMany(3);
    await pass(5_000);

    expect(settled("confirmed")).toEqual(receipts);
  });

  test("confirming gives up only the batch that cannot be stored", async () => {
    const { addMany, inbox, calls, settled } = setupConfirmer(unwatched());
    inbox.settle.mockRejectedValueOnce(new Error("the store is away"));

    addMany(1);
    await pass(1_000);
    addMany(1);
    await pass(1_000);

    expect(calls()).toEqual([["r0"], ["r1"]]);
    expect(settled("confirmed")).toEqual(["r0", "r1"]);
  });

  test("running events keep being extended after a failure", async () => {
    useFakeClock();
    const extend = vi.fn().mockRejectedValueOnce(outage).mockResolvedValue({ receipt: "r1", windowMs: 60_000 });
    const source = Object.assign(new FakeSource(), { extend });
    const inbox = {
      turn: fakeInbox().turn,
      held: async () => dying,
      extending: async () => "r1",
      extended: async () => undefined,
    };
    const running = new AbortController();

    const hold = createHolder({ sources: [source], inbox, confirm: vi.fn(), log: failingLog().log });
    hold({ id: "ev-1", fingerprint: "f1", source: "fake/1" }, () => running.signal);
    await pass(60_000);
    running.abort();

    expect(extend.mock.calls.length).toBeGreaterThan(1);
  });
});
