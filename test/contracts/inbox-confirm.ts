import { expect } from "vitest";
import { again, delivery, scenario, type InboxSetup } from "./inbox-trial.ts";

/** The time that a pull waited at the vendor. It is shorter than any window here. */
const PULL_MS = 20;

export function confirmContract(setup: InboxSetup): void {
  scenario("a handled event's confirmation is its receipt, with the time until which it is valid", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const asked = performance.now();
    const sent = (await t.now()) - PULL_MS;
    const { ids } = await t.pullSentAt(sent, one);
    await t.inTime(sent + t.times.graceMs);
    const event = { id: ids[0] ?? "", fingerprint: one.fingerprint, source: t.source.name };
    const confirmation = await t.handled(event);
    const answered = performance.now();
    await t.inTime(sent + t.times.windowMs);
    expect(confirmation).toMatchObject({ ...event, receipt: one.receipt });
    expect(confirmation.openUntil).toBeGreaterThan(asked - PULL_MS);
    expect(confirmation.closedFrom - confirmation.openUntil).toBeGreaterThanOrEqual(PULL_MS);
    expect(confirmation.closedFrom).toBeLessThanOrEqual(answered + t.times.windowMs);
    expect(await t.dueCount()).toBe(1);
  });

  scenario("no confirmation is due before the handler succeeded", setup, async (t) => {
    const one = delivery(t.source, "f1");
    await t.added(one);
    await t.windowCloses();
    const { verdicts, confirmations, handled } = await t.pull(again(one));
    expect({ verdicts, confirmations, handled }).toEqual({ verdicts: ["renew"], confirmations: [], handled: 0 });
  });

  scenario("a handled event that returns is confirmed and not handled again", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    await t.handled(event);
    await t.jobs.remove(event.id);
    for (let round = 0; round < 2; round++) {
      await t.windowCloses();
      const next = again(first);
      const { verdicts, confirmations, handled } = await t.pull(next);
      expect({ verdicts, handled }).toEqual({ verdicts: ["confirm"], handled: 1 });
      expect(confirmations).toMatchObject([{ ...event, receipt: next.receipt }]);
      expect(confirmations[0]?.closedFrom).toBeGreaterThanOrEqual(confirmations[0]?.openUntil ?? Infinity);
    }
    expect(await t.jobs.ids()).toEqual([]);
  });

  scenario(
    "a handler slower than the window leaves an expired receipt, and the next one is valid",
    setup,
    async (t) => {
      const one = delivery(t.source, "f1");
      const event = await t.added(one);
      await t.windowCloses();
      const confirmation = await t.handled(event);
      expect(confirmation.receipt).toBe(one.receipt);
      const next = again(one);
      const { sent, verdicts } = await t.pull(next);
      await t.inTime(sent + t.times.windowMs);
      expect(verdicts).toEqual(["confirm"]);
    },
  );

  scenario("storing a success twice gives the same answer twice", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const first = await t.inbox.mark(event, true);
    const second = await t.inbox.mark(event, true);
    expect(second).toMatchObject({ stored: true, confirmation: { id: event.id, receipt: one.receipt } });
    expect(first).toMatchObject({ stored: true, confirmation: { id: event.id, receipt: one.receipt } });
    expect(await t.dueCount()).toBe(1);
  });

  scenario("an event that is given up is due its confirmation but did not run", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    await t.jobs.park(event.id);
    const { stored, confirmation } = await t.inbox.mark(event, false);
    expect({ stored, receipt: confirmation?.receipt }).toEqual({ stored: true, receipt: one.receipt });
    expect(await t.inbox.ran(event)).toBe(false);
    await t.windowCloses();
    expect((await t.pull(again(one))).verdicts, "its confirmation is still due, parked or not").toEqual(["confirm"]);
  });

  scenario("a confirmation is due once", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    const confirmation = await t.handled(event);
    await t.inbox.settle(confirmation, "confirmed");
    expect(await t.dueCount()).toBe(0);
    await t.inbox.settle(confirmation, "confirmed");
    await t.inbox.settle(confirmation, "dead");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("the answer to an old receipt changes nothing", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    const old = await t.handled(event);
    await t.windowCloses();
    const second = again(first);
    const { sent, verdicts, confirmations } = await t.pull(second);
    expect(verdicts).toEqual(["confirm"]);
    await t.inbox.settle(old, "confirmed");
    await t.inbox.settle(old, "dead");
    const third = await t.pull(again(first));
    await t.inTime(sent + t.times.windowMs);
    expect({ verdicts: third.verdicts, handled: third.handled }).toEqual({ verdicts: ["skip"], handled: 1 });
    expect((await t.inbox.mark(event, true)).confirmation?.receipt).toBe(second.receipt);
    await Promise.all(confirmations.map((one) => t.inbox.settle(one, "confirmed")));
    expect(await t.dueCount()).toBe(0);
  });

  scenario("the answer for another event changes nothing", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const made = { ...event, receipt: one.receipt, openUntil: 0, closedFrom: 0 };
    await t.inbox.settle(made, "confirmed");
    await t.windowCloses();
    expect((await t.pull(again(one, one.receipt))).verdicts, "it is still pending").toEqual(["renew"]);
    const confirmation = await t.handled(event);
    await t.inbox.settle({ ...confirmation, id: `${confirmation.id}-2` }, "confirmed");
    await t.inbox.settle({ ...confirmation, fingerprint: `${confirmation.fingerprint}x` }, "confirmed");
    expect(await t.dueCount()).toBe(1);
  });

  scenario("after a dead receipt the next delivery counts at once", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const { sent, ids } = await t.pull(first);
    const confirmation = await t.handled({ id: ids[0] ?? "", fingerprint: first.fingerprint, source: t.source.name });
    const early = await t.pull(again(first));
    await t.inbox.settle(confirmation, "dead");
    await t.inbox.mark({ id: ids[0] ?? "", fingerprint: first.fingerprint, source: t.source.name }, true);
    const next = again(first);
    const after = await t.pull(next);
    await t.inTime(sent + t.times.windowMs);
    expect([early.verdicts, after.verdicts]).toEqual([["skip"], ["confirm"]]);
    expect(after.confirmations[0]?.receipt).toBe(next.receipt);
  });

  scenario("many successes and answers at once each concern their own event", setup, async (t) => {
    const deliveries = Array.from({ length: 100 }, (_, index) => delivery(t.source, `f${index}`));
    const { ids } = await t.pull(...deliveries);
    const events = deliveries.map(({ fingerprint }, index) => ({
      id: ids[index] ?? "",
      fingerprint,
      source: t.source.name,
    }));
    const marks = await Promise.all(events.map((event) => t.inbox.mark(event, true)));
    expect(marks.map(({ confirmation }) => confirmation?.receipt)).toEqual(deliveries.map(({ receipt }) => receipt));
    const [kept, ...settled] = marks.flatMap(({ confirmation }) => confirmation ?? []);
    await Promise.all(settled.map((confirmation) => t.inbox.settle(confirmation, "confirmed")));
    expect(await t.dueCount()).toBe(1);
    expect((await t.inbox.mark(events[0] ?? { id: "", fingerprint: "", source: "" }, true)).confirmation?.id).toBe(
      kept?.id,
    );
  });
}
