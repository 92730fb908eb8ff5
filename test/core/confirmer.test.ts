import { describe, expect, test, vi } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { pass } from "../support/fake-clock.ts";
import { confirmationOf } from "../support/fake-inbox.ts";
import { setup } from "./confirmer-setup.ts";

describe("receipts are gathered", () => {
  test("and a full batch goes at once", async () => {
    const { addMany, calls, calledAt } = setup();

    const receipts = addMany(16);
    await pass(0);

    expect(calls()).toEqual([receipts]);
    expect(calledAt()).toEqual([0]);
  });

  test("and a partial batch waits 200 ms for company, but no longer when company comes", async () => {
    const { addMany, calls } = setup();

    addMany(2);
    await pass(150);
    addMany(1);
    await pass(49);
    expect(calls()).toEqual([]);
    await pass(1);

    expect(calls()).toEqual([["r0", "r1", "r2"]]);
  });

  test("and the next batch waits its own time", async () => {
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
  ])("and one that dies in %d ms goes after %d ms", async (closedFrom, sentAt) => {
    const { confirmer, calledAt } = setup();

    confirmer.add(confirmationOf("r", { closedFrom }));
    await pass(1_000);

    expect(calledAt()).toEqual([sentAt]);
  });

  test("and one about to die does not wait as long as those that came before it", async () => {
    const { confirmer, calls } = setup();

    confirmer.add(confirmationOf("long"));
    confirmer.add(confirmationOf("short", { closedFrom: 150 }));
    await pass(149);

    expect(calls()).toEqual([["long", "short"]]);
  });

  test("and one that comes again while it waits is sent once, as it came last", async () => {
    const { confirmer, calls, inbox } = setup();
    const [first, second] = [confirmationOf("same", { id: "ev-1" }), confirmationOf("same", { id: "ev-2" })];

    confirmer.add(first);
    confirmer.add(second);
    await pass(1_000);

    expect(calls()).toEqual([["same"]]);
    expect(inbox.settle.mock.calls).toEqual([[second, "confirmed"]]);
  });

  test("and what the vendor took is settled, counted and timed", async () => {
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

  test("and how long each waited for its call is measured once, and how much of its window was over then", async () => {
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

describe("a receipt is never sent after its end", () => {
  test("when it was dead on arrival", async () => {
    const { addMany, calls, inbox } = setup();

    addMany(1, { closedFrom: 0 });
    await pass(60_000);

    expect(calls()).toEqual([]);
    expect(inbox.settle).not.toHaveBeenCalled();
  });

  test("when it died while it waited for its turn, and the others go", async () => {
    const { confirmer, calls, inbox, settled } = setup();
    inbox.turn.mockImplementationOnce(() => new Promise((resolve) => setTimeout(() => resolve(0), 10_000)));

    confirmer.add(confirmationOf("short", { closedFrom: 10_000 }));
    confirmer.add(confirmationOf("long", { closedFrom: 10_201 }));
    await pass(60_000);

    expect(calls()).toEqual([["long"]]);
    expect(settled("confirmed")).toEqual(["long"]);
  });
});

describe("calls at once", () => {
  test("are 8 at most; the rest goes as they end, and all are confirmed", async () => {
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

  test("leave no receipt waiting for company that is about to die when a place gets free", async () => {
    const { addMany, confirmer, source, settled } = setup();
    source.answerMs = 5_000;
    addMany(16 * 8);

    confirmer.add(confirmationOf("short", { closedFrom: 5_100 }));
    await pass(20_000);

    expect(settled("confirmed")).toContain("short");
  });

  test("leave a partial batch waiting for company, also when there was no free place for it", async () => {
    const { addMany, source, calledAt, calls } = setup();
    source.answerMs = 1_000;

    addMany(16 * 8);
    addMany(1);
    await pass(5_000);

    expect(calls().at(-1)).toHaveLength(1);
    expect(calledAt().at(-1)).toBe(1_200);
  });
});

describe("a fault of our own", () => {
  test("in the store costs these receipts a return, is said, and harms no later ones", async () => {
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

  test("no receipt is ever in a log", async () => {
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

test("each event whose receipt was taken is said to be confirmed", async () => {
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

test("nothing is left behind when all is answered", async () => {
  const { addMany } = setup();

  addMany(40);
  await pass(60_000);

  expect(vi.getTimerCount()).toBe(0);
});
