import { expect } from "vitest";
import { again, delivery, scenario, type InboxSetup } from "./inbox-trial.ts";

/** An operator discards an event. It is confirmed and does not run again. */
export function discardContract(setup: InboxSetup): void {
  scenario("a discarded event that waits is confirmed and does not run", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const { outcome, confirmation } = await t.inbox.discard(event);
    expect({ outcome, ids: await t.jobs.ids() }).toEqual({ outcome: "given up", ids: [] });
    expect(confirmation).toMatchObject({ ...event, receipt: one.receipt });
    expect(await t.dueCount()).toBe(1);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("a discarded parked event is confirmed by its newest receipt, and again on return", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    await t.jobs.park(event.id);
    await t.windowCloses();
    const second = again(first);
    expect((await t.pull(second)).verdicts).toEqual(["park"]);
    expect((await t.inbox.discard(event)).confirmation?.receipt).toBe(second.receipt);
    await t.windowCloses();
    const third = again(first);
    const { verdicts, confirmations } = await t.pull(third);
    expect(verdicts).toEqual(["confirm"]);
    expect(confirmations[0]?.receipt).toBe(third.receipt);
    expect(await t.jobs.ids()).toEqual([]);
  });

  scenario("a request that was sent twice discards the event once, and gets the same answer", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    const first = await t.inbox.discard(event);
    const second = await t.inbox.discard(event);
    expect(second.outcome).toBe("handled");
    expect(second.confirmation?.receipt).toBe(first.confirmation?.receipt);
    expect(await t.dueCount()).toBe(1);
  });

  scenario("discarding a parked event that was already confirmed only removes its job", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await t.jobs.park(event.id);
    const { confirmation } = await t.inbox.mark(event, false);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    expect(await t.inbox.discard(event)).toEqual({ outcome: "removed" });
    expect({ due: await t.dueCount(), ids: await t.jobs.ids() }).toEqual({ due: 0, ids: [] });
  });

  scenario("discarding a parked event that is being confirmed only removes its job", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await t.jobs.park(event.id);
    const { confirmation } = await t.inbox.mark(event, false);
    expect(await t.inbox.discard(event)).toEqual({ outcome: "removed" });
    expect(await t.dueCount()).toBe(1);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("discarding a handled event changes nothing", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    const due = await t.handled(event);
    const { outcome, confirmation } = await t.inbox.discard(event);
    expect({ outcome, receipt: confirmation?.receipt }).toEqual({ outcome: "handled", receipt: due.receipt });
    expect(await t.jobs.ids()).toEqual([event.id]);
  });

  scenario("discarding an unknown event, or one whose job was lost, does nothing", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    expect(await t.inbox.discard({ ...event, id: "ev-other" })).toEqual({ outcome: "none" });
    expect(await t.jobs.ids()).toEqual([event.id]);
    await t.jobs.remove(event.id);
    expect(await t.inbox.discard(event)).toEqual({ outcome: "none" });
    await t.windowCloses();
    expect((await t.pull(again(first))).verdicts).toEqual(["add"]);
  });

  scenario("discarding the job of an earlier event does not touch a later one", setup, async (t) => {
    const earlier = await t.added(delivery(t.source, "f1"));
    await t.jobs.park(earlier.id);
    const { confirmation } = await t.inbox.mark(earlier, false);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    await t.until((await t.now()) + 1);
    const later = await t.added(delivery(t.source, "f1"));
    expect(await t.inbox.discard(earlier)).toEqual({ outcome: "removed" });
    expect(await t.jobs.ids()).toEqual([later.id]);
    expect((await t.handled(later)).id).toBe(later.id);
  });

  scenario("a receipt that another event shares waits for that one", setup, async (t) => {
    const [one, other] = [delivery(t.source, "f1", "shared"), delivery(t.source, "f2", "shared")];
    const { ids } = await t.pull(one, other);
    const events = [one, other].map(({ fingerprint }, n) => ({ id: ids[n] ?? "", fingerprint, source: t.source.name }));
    const [first, second] = events;
    if (!first || !second) throw new Error("they were not added");
    expect(await t.inbox.discard(first)).toEqual({ outcome: "given up" });
    expect((await t.inbox.discard(second)).confirmation?.receipt).toBe("shared");
  });

  scenario("an ended event counts as confirmed: if its vendor resends it, it is a new event", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    const confirmation = await t.handled(event);
    expect(await t.inbox.end({ ...event, id: "ev-other" })).toBe(false);
    expect(await t.inbox.end(event)).toBe(true);
    expect(await t.dueCount()).toBe(0);
    expect(await t.inbox.end(event), "sent twice").toBe(false);
    await t.inbox.settle(confirmation, "confirmed");
    await t.until((await t.now()) + 1);
    expect((await t.pull(again(first))).verdicts).toEqual(["add"]);
  });

  scenario(
    "after older data was restored, all handled events end: an identical body gets its own run",
    setup,
    async (t) => {
      const [first, second, pending] = ["f1", "f2", "f3"].map((content) => delivery(t.source, content));
      if (!first || !second || !pending) throw new Error("there are none");
      for (const one of [first, second]) await t.handled(await t.added(one));
      await t.added(pending);

      expect(await t.inbox.endAll(t.source.name)).toBe(2);
      expect(await t.inbox.endAll(t.source.name)).toBe(0);
      expect(await t.dueCount()).toBe(0);
      await t.windowCloses();
      expect((await t.pull(again(first), again(second), again(pending))).verdicts).toEqual(["add", "add", "renew"]);
    },
  );

  scenario("an event that is not handled cannot be ended", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    expect(await t.inbox.end(event)).toBe(false);
    await t.jobs.park(event.id);
    expect(await t.inbox.end(event)).toBe(false);
    expect((await t.inbox.discard(event)).outcome).toBe("given up");
  });
}
