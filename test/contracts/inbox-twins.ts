import { expect } from "vitest";
import { again, delivery, scenario, type InboxSetup } from "./inbox-trial.ts";

/** Two events with identical bodies. One successful run leads to exactly one confirmation. */
export function twinContract(setup: InboxSetup): void {
  scenario("identical events in one pull: one is taken in, the other left to return", setup, async (t) => {
    const first = delivery(t.source, "same");
    const { sent, verdicts, ids } = await t.pull(first, again(first), again(first));
    await t.inTime(sent + t.times.windowMs);
    expect(verdicts).toEqual(["add", "skip", "skip"]);
    expect(await t.jobs.ids()).toEqual(ids);
  });

  scenario("an identical event is left alone inside the window of a pending one", setup, async (t) => {
    const first = delivery(t.source, "same");
    const { sent, ids } = await t.pull(first);
    const { verdicts } = await t.pull(again(first));
    await t.inTime(sent + t.times.windowMs);
    expect(verdicts).toEqual(["skip"]);
    const confirmation = await t.handled({ id: ids[0] ?? "", fingerprint: first.fingerprint, source: t.source.name });
    expect(confirmation.receipt).toBe(first.receipt);
  });

  scenario("an identical event is left alone while a confirmation may be in progress", setup, async (t) => {
    const first = delivery(t.source, "same");
    const before = await t.now();
    const event = await t.added(first);
    const confirmation = await t.handled(event);
    const early = await t.pull(again(first));
    await t.until(before + t.times.windowMs);
    const later = await t.pull(again(first));
    await t.inTime(before + t.times.windowMs + t.times.callMs);
    expect(early.verdicts).toEqual(["skip"]);
    expect(later.verdicts, "the call may take a while").toEqual(["skip"]);
    expect((await t.inbox.mark(event, true)).confirmation?.receipt).toBe(confirmation.receipt);
  });

  scenario(
    "a pull that was sent while a confirmation might be under way brings no redelivery, however late it comes in",
    setup,
    async (t) => {
      const first = delivery(t.source, "same");
      const before = await t.now();
      const event = await t.added(first);
      const confirmation = await t.handled(event);
      const after = await t.now();
      const openMs = t.times.windowMs + t.times.callMs;
      await t.until(before + openMs - t.times.graceMs / 4);
      const sent = await t.now();
      await t.inTime(before + openMs);
      await t.until(after + openMs + 1);
      const { verdicts } = await t.pullSentAt(sent, again(first));
      await t.inTime(sent + t.times.graceMs);
      expect(verdicts).toEqual(["skip"]);
      await t.inbox.settle(confirmation, "confirmed");
      expect(await t.dueCount(), "the confirmation is still known to be its own").toBe(0);
    },
  );

  scenario("an event identical to a confirmed one is a separate event", setup, async (t) => {
    const first = delivery(t.source, "same");
    const second = again(first);
    const { sent, verdicts, ids } = await t.pull(first, second);
    await t.inTime(sent + t.times.windowMs);
    expect(verdicts).toEqual(["add", "skip"]);
    const event = { id: ids[0] ?? "", fingerprint: first.fingerprint, source: t.source.name };
    await t.inbox.settle(await t.handled(event), "confirmed");
    await t.windowCloses();
    const twin = await t.added(again(second));
    expect(twin.id).not.toBe(event.id);
    expect(await t.inbox.ran(twin)).toBe(false);
    expect(await t.inbox.mark(event, true), "the first run is paid for").toEqual({ stored: false });
    expect((await t.handled(twin)).id).toBe(twin.id);
  });

  scenario("two identical events cost two runs, even if one renewed the other", setup, async (t) => {
    const first = delivery(t.source, "same");
    const event = await t.added(first);
    await t.windowCloses();
    const twin = again(first);
    expect((await t.pull(twin)).verdicts).toEqual(["renew"]);
    const confirmation = await t.handled(event);
    expect(confirmation.receipt).toBe(twin.receipt);
    await t.inbox.settle(confirmation, "confirmed");
    await t.until((await t.now()) + 1);
    const back = await t.added(again(first));
    expect(back.id).not.toBe(event.id);
  });

  scenario("a pull that was under way when the confirmation took effect brings nothing new", setup, async (t) => {
    const first = delivery(t.source, "same");
    const confirmation = await t.handled(await t.added(first));
    const sent = await t.now();
    await t.inbox.settle(confirmation, "confirmed");
    await t.until((await t.now()) + 2);
    const { verdicts } = await t.pullSentAt(sent, again(first));
    await t.inTime(sent + t.times.graceMs);
    expect(verdicts).toEqual(["skip"]);
    await t.until((await t.now()) + 1);
    expect((await t.pull(again(first))).verdicts, "a later pull does").toEqual(["add"]);
  });

  scenario("the same receipt after its confirmation is a new event with an id of its own", setup, async (t) => {
    const one = delivery(t.source, "same");
    const first = await t.added(one);
    const ids = [first.id];
    await t.inbox.settle(await t.handled(first), "confirmed");
    for (const n of [2, 3]) {
      await t.until((await t.now()) + 1);
      const next = await t.added(one);
      expect(next.id).toBe(`${first.id}-${n}`);
      ids.push(next.id);
      await t.inbox.settle(await t.handled(next), "confirmed");
    }
    expect((await t.jobs.ids()).toSorted()).toEqual(ids.toSorted());
  });
}
