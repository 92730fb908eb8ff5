import { expect } from "vitest";
import { again, delivery, scenario, type InboxSetup } from "./inbox-trial.ts";

/** An operator gives an event up: it is confirmed, and does not run any more. */
export function discardContract(setup: InboxSetup): void {
  scenario("an event that waits is confirmed in place of a run", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const { outcome, confirmation } = await t.inbox.discard(event);
    expect({ outcome, ids: await t.jobs.ids() }).toEqual({ outcome: "given up", ids: [] });
    expect(confirmation).toMatchObject({ ...event, receipt: one.receipt });
    expect(await t.dueCount()).toBe(1);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("a parked one is, with its newest receipt, and again when it returns", setup, async (t) => {
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

  scenario("a question that was sent twice gives it up once, and has the same answer", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    const first = await t.inbox.discard(event);
    const second = await t.inbox.discard(event);
    expect(second.outcome).toBe("handled");
    expect(second.confirmation?.receipt).toBe(first.confirmation?.receipt);
    expect(await t.dueCount()).toBe(1);
  });

  scenario("nothing is due for a parked one whose vendor was told before: its job goes", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await t.jobs.park(event.id);
    const { confirmation } = await t.inbox.mark(event, false);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    expect(await t.inbox.discard(event)).toEqual({ outcome: "removed" });
    expect({ due: await t.dueCount(), ids: await t.jobs.ids() }).toEqual({ due: 0, ids: [] });
  });

  scenario("a parked one that is being confirmed only loses its job", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await t.jobs.park(event.id);
    const { confirmation } = await t.inbox.mark(event, false);
    expect(await t.inbox.discard(event)).toEqual({ outcome: "removed" });
    expect(await t.dueCount()).toBe(1);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("one that is handled stays as it is", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    const due = await t.handled(event);
    const { outcome, confirmation } = await t.inbox.discard(event);
    expect({ outcome, receipt: confirmation?.receipt }).toEqual({ outcome: "handled", receipt: due.receipt });
    expect(await t.jobs.ids()).toEqual([event.id]);
  });

  scenario("nothing happens to one that is not known, or whose job was lost", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    expect(await t.inbox.discard({ ...event, id: "ev-other" })).toEqual({ outcome: "none" });
    expect(await t.jobs.ids()).toEqual([event.id]);
    await t.jobs.remove(event.id);
    expect(await t.inbox.discard(event)).toEqual({ outcome: "none" });
    await t.windowCloses();
    expect((await t.pull(again(first))).verdicts).toEqual(["add"]);
  });

  scenario("the job of an earlier event takes nothing of a later one with it", setup, async (t) => {
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

  scenario("a handled one that is ended is confirmed: what its vendor still has is a new event", setup, async (t) => {
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
    "when the data went back, all handled ones are: an identical body has a run of its own",
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

  scenario("one that is not handled cannot be ended", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    expect(await t.inbox.end(event)).toBe(false);
    await t.jobs.park(event.id);
    expect(await t.inbox.end(event)).toBe(false);
    expect((await t.inbox.discard(event)).outcome).toBe("given up");
  });
}
