import { expect } from "vitest";
import { again, delivery, scenario, type InboxSetup } from "./inbox-trial.ts";

/** How long a pull waited at the vendor: shorter than any window here. */
const PULL_MS = 20;

export function confirmContract(setup: InboxSetup): void {
  scenario("what a handled event owes is its receipt, and until when", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const asked = performance.now();
    const sent = (await t.now()) - PULL_MS;
    const { ids } = await t.pullSentAt(sent, one);
    const event = { id: ids[0] ?? "", fingerprint: one.fingerprint, source: t.source.name };
    const owed = await t.handled(event);
    const answered = performance.now();
    await t.inTime(sent + t.times.windowMs);
    expect(owed).toMatchObject({ ...event, receipt: one.receipt });
    expect(owed.sureAt).toBeGreaterThan(asked - PULL_MS);
    expect(owed.lateAt - owed.sureAt).toBeGreaterThanOrEqual(PULL_MS);
    expect(owed.lateAt).toBeLessThanOrEqual(answered + t.times.windowMs);
    expect(await t.owing()).toBe(1);
  });

  scenario("nothing is owed before the handler succeeded", setup, async (t) => {
    const one = delivery(t.source, "f1");
    await t.added(one);
    await t.windowCloses();
    const { verdicts, owed, owing } = await t.pull(again(one));
    expect({ verdicts, owed, owing }).toEqual({ verdicts: ["pending"], owed: [], owing: 0 });
  });

  scenario("a handled event that returns is confirmed and not handled again", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    await t.handled(event);
    await t.jobs.remove(event.id);
    for (let round = 0; round < 2; round++) {
      await t.windowCloses();
      const next = again(first);
      const { verdicts, owed, owing } = await t.pull(next);
      expect({ verdicts, owing }).toEqual({ verdicts: ["confirm"], owing: 1 });
      expect(owed).toMatchObject([{ ...event, receipt: next.receipt }]);
      expect(owed[0]?.lateAt).toBeGreaterThanOrEqual(owed[0]?.sureAt ?? Infinity);
    }
    expect(await t.jobs.ids()).toEqual([]);
  });

  scenario(
    "a handler slower than the window leaves a receipt that is late, and the next one is good",
    setup,
    async (t) => {
      const one = delivery(t.source, "f1");
      const event = await t.added(one);
      await t.windowCloses();
      const owed = await t.handled(event);
      expect(owed.receipt).toBe(one.receipt);
      const next = again(one);
      const { sent, verdicts } = await t.pull(next);
      await t.inTime(sent + t.times.windowMs);
      expect(verdicts).toEqual(["confirm"]);
    },
  );

  scenario("storing a success twice says the same twice", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const first = await t.inbox.mark(event, true);
    const second = await t.inbox.mark(event, true);
    expect(second).toMatchObject({ stored: true, owed: { id: event.id, receipt: one.receipt } });
    expect(first).toMatchObject({ stored: true, owed: { id: event.id, receipt: one.receipt } });
    expect(await t.owing()).toBe(1);
  });

  scenario("a run that nobody asked for pays for nothing", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    expect(await t.inbox.mark({ ...event, fingerprint: `${event.fingerprint}x` }, true)).toEqual({ stored: false });
    expect(await t.inbox.mark({ ...event, id: `${event.id}-2` }, true)).toEqual({ stored: false });
    expect(await t.owing()).toBe(0);
    await t.inbox.settle(await t.handled(event), "confirmed");
    expect(await t.inbox.mark(event, true)).toEqual({ stored: false });
    expect(await t.owing()).toBe(0);
  });

  scenario("an event has run once its success is stored, while its job exists", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    expect(await t.inbox.ran(event.id)).toBe(false);
    await t.inbox.mark(event, true);
    expect(await t.inbox.ran(event.id)).toBe(true);
    await t.jobs.finish(event.id);
    expect(await t.inbox.ran(event.id)).toBe(true);
    await t.jobs.remove(event.id);
    expect(await t.inbox.ran(event.id)).toBe(false);
    await t.inbox.mark(event, true);
    expect(await t.inbox.ran(event.id)).toBe(false);
    expect(await t.jobs.ids()).toEqual([]);
  });

  scenario("an event that is given up owes its confirmation but did not run", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    await t.jobs.park(event.id);
    const { stored, owed } = await t.inbox.mark(event, false);
    expect({ stored, receipt: owed?.receipt }).toEqual({ stored: true, receipt: one.receipt });
    expect(await t.inbox.ran(event.id)).toBe(false);
    await t.windowCloses();
    expect((await t.pull(again(one))).verdicts, "it is still owed, parked or not").toEqual(["confirm"]);
  });

  scenario("a confirmation ends what is owed", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    const owed = await t.handled(event);
    await t.inbox.settle(owed, "confirmed");
    expect(await t.owing()).toBe(0);
    await t.inbox.settle(owed, "confirmed");
    await t.inbox.settle(owed, "dead");
    expect(await t.owing()).toBe(0);
  });

  scenario("the answer to an old receipt changes nothing", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    const old = await t.handled(event);
    await t.windowCloses();
    const second = again(first);
    const { sent, verdicts, owed } = await t.pull(second);
    expect(verdicts).toEqual(["confirm"]);
    await t.inbox.settle(old, "confirmed");
    await t.inbox.settle(old, "dead");
    const third = await t.pull(again(first));
    await t.inTime(sent + t.times.windowMs);
    expect({ verdicts: third.verdicts, owing: third.owing }).toEqual({ verdicts: ["skip"], owing: 1 });
    expect((await t.inbox.mark(event, true)).owed?.receipt).toBe(second.receipt);
    await Promise.all(owed.map((one) => t.inbox.settle(one, "confirmed")));
    expect(await t.owing()).toBe(0);
  });

  scenario("the answer for another event changes nothing", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const made = { ...event, receipt: one.receipt, sureAt: 0, lateAt: 0 };
    await t.inbox.settle(made, "confirmed");
    await t.windowCloses();
    expect((await t.pull(again(one, one.receipt))).verdicts, "it is still pending").toEqual(["pending"]);
    const owed = await t.handled(event);
    await t.inbox.settle({ ...owed, id: `${owed.id}-2` }, "confirmed");
    await t.inbox.settle({ ...owed, fingerprint: `${owed.fingerprint}x` }, "confirmed");
    expect(await t.owing()).toBe(1);
  });

  scenario("after a dead receipt the next delivery counts at once", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const { sent, ids } = await t.pull(first);
    const owed = await t.handled({ id: ids[0] ?? "", fingerprint: first.fingerprint, source: t.source.name });
    const early = await t.pull(again(first));
    await t.inbox.settle(owed, "dead");
    await t.inbox.mark({ id: ids[0] ?? "", fingerprint: first.fingerprint, source: t.source.name }, true);
    const next = again(first);
    const after = await t.pull(next);
    await t.inTime(sent + t.times.windowMs);
    expect([early.verdicts, after.verdicts]).toEqual([["skip"], ["confirm"]]);
    expect(after.owed[0]?.receipt).toBe(next.receipt);
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
    expect(marks.map(({ owed }) => owed?.receipt)).toEqual(deliveries.map(({ receipt }) => receipt));
    const [kept, ...settled] = marks.flatMap(({ owed }) => owed ?? []);
    await Promise.all(settled.map((owed) => t.inbox.settle(owed, "confirmed")));
    expect(await t.owing()).toBe(1);
    expect((await t.inbox.mark(events[0] ?? { id: "", fingerprint: "", source: "" }, true)).owed?.id).toBe(kept?.id);
  });
}
