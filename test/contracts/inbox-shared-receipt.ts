import { expect } from "vitest";
import type { EventRef } from "../../src/core/event.ts";
import type { Delivery } from "../../src/core/source.ts";
import { again, delivery, scenario, type InboxSetup, type Trial } from "./inbox-trial.ts";

export function sharedReceiptContract(setup: InboxSetup): void {
  scenario("the last handled event of a shared receipt sends it to the confirmer", setup, async (t) => {
    const { first, second, receipt } = await twoUnderOneReceipt(t);
    expect(await t.inbox.mark(first, true)).toEqual({ stored: true });
    expect(await t.inbox.mark(first, true), "asked again").toEqual({ stored: true });
    const { stored, confirmation } = await t.inbox.mark(second, true);
    expect({ stored, receipt: confirmation?.receipt, id: confirmation?.id }).toEqual({
      stored: true,
      receipt,
      id: second.id,
    });
    expect((await t.inbox.mark(first, true)).confirmation?.receipt, "now either may").toBe(receipt);
  });

  scenario("one confirmation settles all events of a shared receipt", setup, async (t) => {
    const { first, second } = await twoUnderOneReceipt(t);
    await t.inbox.mark(first, true);
    const { confirmation } = await t.inbox.mark(second, true);
    expect(await t.dueCount()).toBe(2);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("a dead shared receipt is dead for all of its events", setup, async (t) => {
    const { a, b, first, second } = await twoUnderOneReceipt(t);
    await t.inbox.mark(first, true);
    await t.inbox.mark(first, true);
    const { confirmation } = await t.inbox.mark(second, true);
    if (confirmation) await t.inbox.settle(confirmation, "dead");
    const { verdicts, handled } = await t.pull(...together(a, b));
    expect({ verdicts, handled }).toEqual({ verdicts: ["confirm", "confirm"], handled: 2 });
  });

  scenario(
    "if another event already sent the shared receipt, a refusal inside its window confirms all of its events",
    setup,
    async (t) => {
      const began = await t.now();
      const { first, second } = await twoUnderOneReceipt(t);
      await t.inbox.mark(first, true);
      const { confirmation } = await t.inbox.mark(second, true);
      await t.inbox.mark(first, true);
      if (confirmation) await t.inbox.settle(confirmation, "dead");
      await t.inTime(began + t.times.windowMs);
      expect(await t.dueCount()).toBe(0);
    },
  );

  for (const pendingFirst of [false, true]) {
    const order = pendingFirst ? "after" : "before";
    scenario(
      `a handled event that returns ${order} its pending neighbour on the same receipt is not confirmed`,
      setup,
      async (t) => {
        const { a, b, first, second } = await twoUnderOneReceipt(t);
        await t.inbox.mark(first, true);
        await t.windowCloses();
        const [a2, b2] = together(a, b);
        const next = await t.pull(...(pendingFirst ? [b2, a2] : [a2, b2]));
        expect({ verdicts: next.verdicts, confirmations: next.confirmations }).toEqual({
          verdicts: ["renew", "renew"],
          confirmations: [],
        });
        const { confirmation } = await t.inbox.mark(second, true);
        expect(confirmation?.receipt).toBe(a2.receipt);
      },
    );
  }

  scenario("two handled events of a shared receipt that return are both confirmed", setup, async (t) => {
    const { a, b, first, second } = await twoUnderOneReceipt(t);
    await t.inbox.mark(first, true);
    await t.inbox.mark(second, true);
    await t.windowCloses();
    const { verdicts, confirmations } = await t.pull(...together(a, b));
    expect(verdicts).toEqual(["confirm", "confirm"]);
    if (confirmations[0]) await t.inbox.settle(confirmations[0], "confirmed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("two events under one receipt in two pulls count as one for the vendor, too", setup, async (t) => {
    const a = delivery(t.source, "a");
    const first = await t.added(a);
    const second = await t.added(delivery(t.source, "b", a.receipt));
    expect(await t.inbox.mark(first, true)).toEqual({ stored: true });
    const { confirmation } = await t.inbox.mark(second, true);
    expect(confirmation?.receipt).toBe(a.receipt);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario(
    "if one of two calls with a shared receipt is refused inside the window, both events are confirmed",
    setup,
    async (t) => {
      const { a, b, first, second } = await twoUnderOneReceipt(t);
      await t.inbox.mark(first, true);
      await t.inbox.mark(second, true);
      await t.windowCloses();
      const { sent, confirmations } = await t.pull(...together(a, b));
      const [due] = confirmations;
      if (due) await t.inbox.settle(due, "dead");
      await t.inTime(sent + t.times.windowMs);
      expect(await t.dueCount()).toBe(0);
    },
  );

  scenario(
    "an event that returned under a receipt of its own does not wait for the other event of the old one",
    setup,
    async (t) => {
      const { a, first, second } = await twoUnderOneReceipt(t);
      await t.windowCloses();
      const alone = again(a);
      expect((await t.pull(alone)).verdicts).toEqual(["renew"]);
      expect((await t.inbox.mark(first, true)).confirmation?.receipt).toBe(alone.receipt);
      expect((await t.inbox.mark(second, true)).confirmation?.receipt).not.toBe(alone.receipt);
    },
  );

  scenario("after a receipt was confirmed, another body under it is a new event", setup, async (t) => {
    const a = delivery(t.source, "a");
    await t.inbox.settle(await t.handled(await t.added(a)), "confirmed");
    const b = delivery(t.source, "b", a.receipt);
    const event = await t.added(b);
    expect((await t.handled(event)).receipt).toBe(a.receipt);
    expect(await t.jobs.ids()).toHaveLength(2);
  });

  scenario(
    "events of a shared receipt are accepted together, even if there was room for only one",
    setup,
    async (t) => {
      const [a, b] = together(delivery(t.source, "a"), delivery(t.source, "b"));
      expect((await t.pull(a, b)).verdicts).toEqual(["add", "add"]);
      expect((await t.pull(delivery(t.source, "c"))).verdicts).toEqual(["skip"]);
    },
    { maxWaiting: 1 },
  );
}

/** Delivers both events again, under one new receipt. */
function together(a: Delivery, b: Delivery): [Delivery, Delivery] {
  const renewed = again(a);
  return [renewed, again(b, renewed.receipt)];
}

async function twoUnderOneReceipt(t: Trial) {
  const [a, b] = together(delivery(t.source, "a"), delivery(t.source, "b"));
  const { verdicts, ids } = await t.pull(a, b);
  expect(verdicts).toEqual(["add", "add"]);
  const first: EventRef = { id: ids[0] ?? "", fingerprint: a.fingerprint, source: t.source.name };
  const second: EventRef = { id: ids[1] ?? "", fingerprint: b.fingerprint, source: t.source.name };
  expect(first.id).not.toBe(second.id);
  return { a, b, first, second, receipt: a.receipt };
}
