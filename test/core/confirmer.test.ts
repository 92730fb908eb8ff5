import { describe, expect, test, vi } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { pass } from "../support/fake-clock.ts";
import { confirmationOf } from "../support/fake-inbox.ts";
import { setup } from "./confirmer-setup.ts";

describe("the confirmer gathers receipts:", () => {
  test("a full batch is sent at once", async () => {
    const { addMany, calls, calledAt } = setup();

    const receipts = addMany(16);
    await pass(0);

    expect(calls()).toEqual([receipts]);
    expect(calledAt()).toEqual([0]);
  });

  test("a partial batch waits 200 ms, counted from its first receipt", async () => {
    const { addMany, calls } = setup();

    addMany(2);
    await pass(150);
    addMany(1);
    await pass(49);
    expect(calls()).toEqual([]);
    await pass(1);

    expect(calls()).toEqual([["r0", "r1", "r2"]]);
  });

  test("the next batch waits from its own first receipt", async () => {
    const { addMany, calledAt } = setup({ longestLingerMs: 50 });

    addMany(1);
    await pass(300);
    addMany(1);
    await pass(300);

    expect(calledAt()).toEqual([50, 350]);
  });

  test.each([
    [5_150, 150],
    [5_000, 0],
    [1_000, 0],
  ])("a receipt that expires in %d ms is sent after %d ms", async (closedFrom, sentAt) => {
    const { confirmer, calledAt } = setup();

    confirmer.add(confirmationOf("r", { closedFrom }));
    await pass(1_000);

    expect(calledAt()).toEqual([sentAt]);
  });

  test("a receipt that is about to expire does not wait as long as those before it", async () => {
    const { confirmer, calls } = setup();

    confirmer.add(confirmationOf("long"));
    confirmer.add(confirmationOf("short", { closedFrom: 150 }));
    await pass(149);

    expect(calls()).toEqual([["long", "short"]]);
  });

  test("a receipt that arrives again while it waits is sent once, in its newest form", async () => {
    const { confirmer, calls, inbox } = setup();
    const [first, second] = [confirmationOf("same", { id: "ev-1" }), confirmationOf("same", { id: "ev-2" })];

    confirmer.add(first);
    confirmer.add(second);
    await pass(1_000);

    expect(calls()).toEqual([["same"]]);
    expect(inbox.settle.mock.calls).toEqual([[second, "confirmed"]]);
  });

  test("accepted receipts are settled, counted and timed", async () => {
    const { addMany, settled, meter, inbox, source, said } = setup();

    const receipts = addMany(3);
    await pass(1_000);

    expect(inbox.turn.mock.calls).toEqual([[source, "confirm"]]);
    expect(settled("confirmed")).toEqual(receipts);
    expect(settled("dead")).toEqual([]);
    expect(meter.total("confirmed", { source: "fake/1" })).toBe(3);
    expect(meter.total("calls", { source: "fake/1", action: "confirm", outcome: "ok" })).toBe(1);
    const confirms = meter.observed.filter(({ name }) => name === "confirm_ms");
    expect(confirms).toEqual([{ name: "confirm_ms", labels: { source: "fake/1" }, ms: source.answerMs }]);
    expect(said("info", "warn", "error")).toEqual([]);
  });

  test("the wait of each receipt, and the part of its window that was over, are measured once", async () => {
    const { confirmer, meter, source } = setup({ longestLingerMs: 50 });
    source.failNext("confirm", new VendorError("outage", "no answer"));

    confirmer.add(confirmationOf("r", { type: "Uploaded", closedFrom: performance.now() + 0.75 * source.windowMs }));
    await pass(1_000);

    const labels = { source: "fake/1", type: "Uploaded" };
    const of = (name: string) => meter.observed.filter((one) => one.name === name);
    expect(of("confirm_ms")).toHaveLength(2);
    expect(of("linger_ms")).toEqual([{ name: "linger_ms", labels, ms: 50 }]);
    expect(of("window_used")).toEqual([{ name: "window_used", labels, ms: expect.closeTo(250, -2) }]);
  });
});

describe("a receipt is never sent after it expired,", () => {
  test("neither if it had expired on arrival", async () => {
    const { addMany, calls, inbox } = setup();

    addMany(1, { closedFrom: 0 });
    await pass(60_000);

    expect(calls()).toEqual([]);
    expect(inbox.settle).not.toHaveBeenCalled();
  });

  test("nor if it expires while it waits for its turn; the others are sent", async () => {
    const { confirmer, calls, inbox, settled } = setup();
    inbox.turn.mockImplementationOnce(() => new Promise((resolve) => setTimeout(() => resolve(0), 10_000)));

    confirmer.add(confirmationOf("short", { closedFrom: 10_000 }));
    confirmer.add(confirmationOf("long", { closedFrom: 10_201 }));
    await pass(60_000);

    expect(calls()).toEqual([["long"]]);
    expect(settled("confirmed")).toEqual(["long"]);
  });
});

describe("parallel confirmation calls", () => {
  test("are at most 8; the others follow as these end, and all are confirmed", async () => {
    const { addMany, source, calls, settled } = setup();
    source.answerMs = 1_000;

    const receipts = addMany(16 * 20);
    await pass(999);
    expect(calls()).toHaveLength(8);
    await pass(60_000);

    expect(source.mostRunning).toBe(8);
    expect(calls()).toHaveLength(20);
    expect(settled("confirmed").toSorted()).toEqual(receipts.toSorted());
  });

  test("do not keep a receipt waiting for a full batch if it would expire", async () => {
    const { addMany, confirmer, source, settled } = setup();
    source.answerMs = 5_000;
    addMany(16 * 8);

    confirmer.add(confirmationOf("short", { closedFrom: 5_100 }));
    await pass(20_000);

    expect(settled("confirmed")).toContain("short");
  });

  test("do not shorten the wait of a partial batch that had no free call", async () => {
    const { addMany, source, calledAt, calls } = setup();
    source.answerMs = 1_000;

    addMany(16 * 8);
    addMany(1);
    await pass(5_000);

    expect(calls().at(-1)).toHaveLength(1);
    expect(calledAt().at(-1)).toBe(1_200);
  });
});

describe("an error of our own code", () => {
  test("in the store is logged, costs these receipts one more delivery, and does not affect later ones", async () => {
    const { addMany, inbox, calls, said, settled } = setup();
    inbox.turn.mockRejectedValueOnce(new Error("the store is away"));

    addMany(1);
    await pass(1_000);
    expect(said("error")).toEqual(["confirming failed; the events return and are confirmed then"]);
    expect(calls()).toEqual([]);
    const later = addMany(1);
    await pass(1_000);

    expect(settled("confirmed")).toEqual(later);
  });

  test("in the source is not taken for the vendor's answer", async () => {
    const { addMany, source, calls, said, inbox } = setup();
    source.failNext("confirm", new TypeError("not a function"));

    addMany(2);
    await pass(60_000);

    expect(calls()).toHaveLength(1);
    expect(inbox.settle).not.toHaveBeenCalled();
    expect(said("error")).toHaveLength(1);
  });

  test("is logged without any receipt", async () => {
    const { confirmer, source, lines } = setup();
    confirmer.add(confirmationOf("secret-receipt", { id: "ev-1" }));
    source.dead.add("secret-receipt");
    source.failNext("confirm", new Error("no"));
    await pass(1_000);
    confirmer.add(confirmationOf("secret-receipt", { id: "ev-1" }));
    await pass(60_000);

    expect(lines.length).toBeGreaterThan(1);
    expect(JSON.stringify(lines)).not.toContain("secret-receipt");
  });
});

test("each event whose receipt was accepted is logged as confirmed", async () => {
  const { addMany, said, lines } = setup();

  addMany(2);
  await pass(200);
  await pass(5_000);

  expect(said("debug").filter((sentence) => sentence === "confirmed")).toHaveLength(2);
  expect(lines.filter(({ msg }) => msg === "confirmed")).toEqual([
    expect.objectContaining({ source: expect.any(String), id: expect.any(String) }),
    expect.objectContaining({ id: expect.any(String) }),
  ]);
});

test("the confirmer leaves no timer behind when every call is answered", async () => {
  const { addMany } = setup();

  addMany(40);
  await pass(60_000);

  expect(vi.getTimerCount()).toBe(0);
});
