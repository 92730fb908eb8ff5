import { expect } from "vitest";
import { eventId } from "../../src/core/fingerprint.ts";
import { again, delivery, scenario, type InboxSetup } from "./inbox-trial.ts";

export function acceptContract(setup: InboxSetup): void {
  scenario("a new event becomes one job that carries all of it", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const { verdicts, ids, handled } = await t.pull(one);
    const id = eventId(t.source.name, one.receipt, one.fingerprint);
    expect({ verdicts, ids, handled }).toEqual({ verdicts: ["add"], ids: [id], handled: 0 });
    expect(await t.jobs.ids()).toEqual([id]);
    const event = await t.jobs.event(id);
    expect(event).toEqual({
      id,
      fingerprint: one.fingerprint,
      vendor: t.source.vendor,
      source: t.source.name,
      door: "pull",
      type: one.type,
      receivedAt: expect.any(String),
      body: one.body,
    });
    expect(new Date(event?.receivedAt ?? "").toISOString()).toBe(event?.receivedAt);
  });

  scenario("an answer that took longer than the grace is ignored", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const sent = (await t.now()) - t.times.graceMs - 1;
    expect((await t.pullSentAt(sent, one)).verdicts).toEqual(["skip"]);
    expect(await t.jobs.ids()).toEqual([]);
    expect((await t.pull(one)).verdicts).toEqual(["add"]);
  });

  scenario("an answer that took longer than the grace renews nothing", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    await t.windowCloses();
    const sent = (await t.now()) - t.times.graceMs - 1;
    expect((await t.pullSentAt(sent, again(first))).verdicts).toEqual(["skip"]);
    expect((await t.handled(event)).receipt).toBe(first.receipt);
  });

  scenario("a redelivery starts nothing and renews the receipt", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    await t.windowCloses();
    const second = again(first);
    const { verdicts, ids } = await t.pull(second);
    expect({ verdicts, ids }).toEqual({ verdicts: ["renew"], ids: [event.id] });
    expect(await t.jobs.ids()).toEqual([event.id]);
    expect((await t.handled(event)).receipt).toBe(second.receipt);
  });

  scenario("a renewed receipt has a window of its own", setup, async (t) => {
    const first = delivery(t.source, "f1");
    await t.added(first);
    await t.windowCloses();
    const second = await t.pull(again(first));
    const inside = await t.pull(again(first));
    await t.inTime(second.sent + t.times.windowMs);
    expect([second.verdicts, inside.verdicts]).toEqual([["renew"], ["skip"]]);
    await t.until(second.sent + t.times.windowMs);
    expect((await t.pull(again(first))).verdicts).toEqual(["renew"]);
  });

  scenario("an event may be redelivered many times while its handler runs", setup, async (t) => {
    let last = delivery(t.source, "f1");
    const event = await t.added(last);
    for (let round = 0; round < 3; round++) {
      await t.windowCloses();
      last = again(last);
      expect((await t.pull(last)).verdicts).toEqual(["renew"]);
    }
    expect((await t.handled(event)).receipt).toBe(last.receipt);
  });

  scenario("a redelivery under the same receipt is a redelivery all the same", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    await t.windowCloses();
    expect((await t.pull(one)).verdicts).toEqual(["renew"]);
    expect((await t.handled(event)).receipt).toBe(one.receipt);
    await t.windowCloses();
    expect((await t.pull(one)).verdicts).toEqual(["confirm"]);
  });

  scenario("a redelivered parked event is reported as parked, and as pending once it is retried", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    await t.jobs.park(event.id);
    await t.windowCloses();
    const parked = await t.pull(again(first));
    expect({ verdicts: parked.verdicts, ids: parked.ids }).toEqual({ verdicts: ["park"], ids: [event.id] });
    await t.jobs.retry(event.id);
    await t.windowCloses();
    const last = again(first);
    expect((await t.pull(last)).verdicts).toEqual(["renew"]);
    expect((await t.handled(event)).receipt).toBe(last.receipt);
  });

  scenario("a pending event that has no job gets it back", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    await t.jobs.remove(event.id);
    await t.windowCloses();
    const second = again(first);
    const { verdicts, ids } = await t.pull(second);
    expect({ verdicts, ids }).toEqual({ verdicts: ["add"], ids: [event.id] });
    expect(await t.jobs.event(event.id)).toMatchObject({ id: event.id, body: first.body });
    expect((await t.handled(event)).receipt).toBe(second.receipt);
  });

  scenario(
    "when enough waits, new events stay at the vendor and known ones are still renewed",
    setup,
    async (t) => {
      const [a, b, c, d] = ["a", "b", "c", "d"].map((content) => delivery(t.source, content));
      if (!a || !b || !c || !d) throw new Error("four deliveries");
      // A quarter more than the limit is accepted, since pulls in progress may bring more than expected.
      expect((await t.pull(a, b, c, d)).verdicts).toEqual(["add", "add", "add", "skip"]);
      await t.windowCloses();
      const { verdicts, ids } = await t.pull(again(d), again(a), again(b), again(c));
      expect(verdicts).toEqual(["skip", "renew", "renew", "renew"]);
      await t.jobs.finish(ids[0] ?? "");
      expect((await t.pull(again(d))).verdicts).toEqual(["add"]);
      expect(await t.jobs.ids()).toHaveLength(4);
    },
    { maxWaiting: 2 },
  );

  scenario("after the store was emptied an unconfirmed event is new again", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const before = await t.added(first);
    await t.loseEverything();
    const after = await t.added(again(first));
    expect(await t.jobs.ids()).toEqual([after.id]);
    expect(await t.inbox.mark(before, true)).toMatchObject({ stored: false });
    expect((await t.handled(after)).id).toBe(after.id);
  });

  scenario("two replicas that accept one delivery at the same time add one job", setup, async (t) => {
    const replica = t.replica ?? t.inbox;
    const deliveries = Array.from({ length: 16 }, (_, index) => delivery(t.source, `f${index}`));
    const sent = await t.now();
    const both = await Promise.all(
      [t.inbox, replica, t.inbox, replica].map((inbox) => inbox.accept(t.source, sent, deliveries)),
    );
    await t.inTime(sent + t.times.windowMs);
    const verdicts = both.flatMap(({ acceptances }) => acceptances.map(({ verdict }) => verdict));
    expect(verdicts.filter((verdict) => verdict === "add")).toHaveLength(16);
    expect(verdicts.filter((verdict) => verdict === "skip")).toHaveLength(48);
    expect(await t.jobs.ids()).toHaveLength(16);
  });

  scenario("each delivery of a pull gets its own answer, in order", setup, async (t) => {
    const [handled, pending, parked, lost] = ["handled", "pending", "parked", "lost"].map((content) =>
      delivery(t.source, content),
    );
    if (!handled || !pending || !parked || !lost) throw new Error("four deliveries");
    const first = await t.pull(handled, pending, parked, lost);
    const [id = "", pendingId = "", parkedId = "", lostId = ""] = first.ids;
    await t.handled({ id, fingerprint: handled.fingerprint, source: t.source.name });
    await t.jobs.park(parkedId);
    await t.jobs.remove(lostId);
    await t.windowCloses();
    const fresh = delivery(t.source, "fresh");
    const second = await t.pull(fresh, again(lost), again(fresh), again(parked), again(pending), again(handled));
    await t.inTime(second.sent + t.times.windowMs);
    expect(second.verdicts).toEqual(["add", "add", "skip", "park", "renew", "confirm"]);
    expect(second.ids.slice(1)).toEqual([lostId, parkedId, pendingId, id]);
    expect(second.handled).toBe(1);
  });

  scenario("sources do not see each other's events", setup, async (t) => {
    const other = { ...t.source, name: `${t.source.name}/other` };
    const here = delivery(t.source, "same", "one receipt");
    const there = delivery(other, "same", "one receipt");
    const event = await t.added(here);
    const sent = await t.now();
    const { acceptances } = await t.inbox.accept(other, sent, [there]);
    await t.inTime(sent + t.times.graceMs);
    expect(acceptances.map(({ verdict }) => verdict)).toEqual(["add"]);
    expect(await t.jobs.ids()).toHaveLength(2);
    await t.handled(event);
    expect((await t.inbox.accept(other, await t.now(), [])).handled).toBe(0);
    expect(await t.dueCount()).toBe(1);
  });
}
