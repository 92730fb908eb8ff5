import { describe, expect, test } from "vitest";
import { VendorError } from "../../src/core/errors.ts";
import { pass } from "../support/fake-clock.ts";
import { confirmationOf } from "../support/fake-inbox.ts";
import { setup } from "./confirmer-setup.ts";

const outage = new VendorError("outage", "no answer");

describe("a confirmation without an answer", () => {
  test("is sent again and confirmed in the end", async () => {
    const { addMany, source, calls, settled, meter, said } = setup();
    source.failNext("confirm", outage, outage);

    const receipts = addMany(16);
    await pass(2_000);

    expect(calls()).toEqual([receipts, receipts, receipts]);
    expect(settled("confirmed")).toEqual(receipts);
    expect(meter.total("calls", { action: "confirm", outcome: "outage" })).toBe(2);
    expect(said("warn")).toEqual(Array(2).fill("confirmation got no answer, trying again inside the window"));
  });

  test("is repeated with pauses that double up to 5 s, and never after the receipts have expired", async () => {
    const { addMany, source, calledAt, inbox } = setup();
    source.answerMs = 0;
    source.failing.confirm = outage;

    addMany(16);
    await pass(120_000);

    const gaps = calledAt()
      .slice(1)
      .map((at, index) => at - (calledAt()[index] ?? 0));
    for (const [index, gap] of gaps.entries()) {
      const longest = Math.min(5_000, 100 * 2 ** index);
      expect(gap).toBeGreaterThanOrEqual(longest / 2);
      expect(gap).toBeLessThanOrEqual(longest);
    }
    expect(calledAt().at(-1)).toBeLessThan(30_000);
    expect(calledAt().at(-1)).toBeGreaterThanOrEqual(25_000);
    expect(inbox.settle).not.toHaveBeenCalled();
  });

  test("is no longer repeated for a receipt that expires, but still for the others", async () => {
    const { confirmer, source, calls, settled } = setup();
    source.failNext("confirm", outage, outage, outage);

    confirmer.add(confirmationOf("short", { closedFrom: 200 }));
    confirmer.add(confirmationOf("long"));
    await pass(5_000);

    expect(calls()[0]).toEqual(["short", "long"]);
    expect(calls().at(-1)).toEqual(["long"]);
    expect(settled("confirmed")).toEqual(["long"]);
    expect(settled("dead")).toEqual([]);
  });
});

describe("a receipt that is refused alone", () => {
  test("is settled as dead, so that the event's next delivery counts at once", async () => {
    const { addMany, source, calls, settled, meter } = setup();
    source.dead.add("r0");

    addMany(1);
    await pass(1_000);

    expect(calls()).toEqual([["r0"]]);
    expect(settled("dead")).toEqual(["r0"]);
    expect(settled("confirmed")).toEqual([]);
    expect(meter.total("receipts_dead", { source: "fake/1" })).toBe(1);
    expect(meter.total("confirmed")).toBe(0);
  });

  test("counts as confirmed if an earlier call in its window got no answer", async () => {
    const { addMany, source, settled, meter } = setup();
    source.failNext("confirm", outage);
    source.dead.add("r0");

    addMany(1);
    await pass(1_000);

    expect(settled("presumed")).toEqual(["r0"]);
    expect(settled("dead")).toEqual([]);
    expect(meter.total("receipts_dead")).toBe(0);
  });

  test("is not settled if an earlier call got no answer and the window may have closed", async () => {
    const { addMany, source, inbox, meter } = setup();
    source.failNext("confirm", outage);
    source.dead.add("r0");

    addMany(1, { openUntil: 250, closedFrom: 6_000 });
    await pass(10_000);

    expect(inbox.settle).not.toHaveBeenCalled();
    expect(meter.total("receipts_dead")).toBe(1);
  });

  test.each(["limit", "clock", "configuration"] as const)(
    "is settled as dead if the earlier call failed by %s, since such a call has no effect",
    async (kind) => {
      const { addMany, source, settled } = setup();
      source.failNext("confirm", new VendorError(kind, "no"));
      source.dead.add("r0");

      addMany(1);
      await pass(1_000);

      expect(settled("dead")).toEqual(["r0"]);
      expect(settled("confirmed")).toEqual([]);
    },
  );
});

describe("a batch that is refused as a whole", () => {
  test.each(Array.from({ length: 16 }, (_, position) => position))(
    "is halved until the dead receipt at %d stands alone: 9 calls confirm the other 15",
    async (position) => {
      const { addMany, source, calls, settled } = setup();
      source.dead.add(`r${position}`);

      const receipts = addMany(16);
      await pass(5_000);

      expect(settled("dead")).toEqual([`r${position}`]);
      expect(settled("confirmed")).toEqual(receipts.filter((receipt) => !source.dead.has(receipt)));
      expect(calls()).toHaveLength(9);
    },
  );

  test("is settled as dead receipt by receipt if all of them are dead", async () => {
    const { addMany, source, settled } = setup();
    for (let n = 0; n < 5; n++) source.dead.add(`r${n}`);

    const receipts = addMany(5);
    await pass(5_000);

    expect(settled("dead")).toEqual(receipts);
    expect(settled("confirmed")).toEqual([]);
  });

  test("keeps in both halves the knowledge that an earlier call got no answer", async () => {
    const { addMany, source, settled } = setup();
    source.failNext("confirm", outage);
    source.dead.add("r2");

    const receipts = addMany(4);
    await pass(5_000);

    expect(settled("confirmed")).toEqual(receipts.filter((receipt) => receipt !== "r2"));
    expect(settled("presumed")).toEqual(["r2"]);
    expect(settled("dead")).toEqual([]);
  });

  test("does not mark one half as unanswered if only the other half met an outage", async () => {
    const { addMany, source, settled } = setup();
    for (const receipt of ["r0", "r1"]) source.dead.add(receipt);
    source.failNext("confirm", new VendorError("refused", "both"), outage);

    addMany(2);
    await pass(5_000);

    expect(settled("presumed")).toEqual(["r0"]);
    expect(settled("dead")).toEqual(["r1"]);
  });

  test("is not sent in halves after it expired", async () => {
    const { addMany, source, calls } = setup();
    source.answerMs = 1_000;
    source.dead.add("r0");

    addMany(4, { closedFrom: 2_500 });
    await pass(60_000);

    // the second half would otherwise have been sent 3 s after the first call
    expect(calls()).toEqual([["r0", "r1", "r2", "r3"], ["r0", "r1"], ["r0"]]);
  });
});

test("if the vendor names the refused receipts, these are settled as dead and the rest of the call is confirmed", async () => {
  const { addMany, source, calls, settled, meter } = setup();
  source.refuses = "by name";
  for (const receipt of ["r1", "r3"]) source.dead.add(receipt);

  addMany(5);
  await pass(5_000);

  expect(calls()).toHaveLength(1);
  expect(settled("confirmed")).toEqual(["r0", "r2", "r4"]);
  expect(settled("dead")).toEqual(["r1", "r3"]);
  expect(meter.total("confirmed")).toBe(3);
  expect(meter.total("receipts_dead")).toBe(2);
});
