import { expect } from "vitest";
import { again, delivery, scenario, type InboxSetup } from "./inbox-trial.ts";

export function holdContract(setup: InboxSetup): void {
  scenario("a running event is held under its newest receipt, until it is handled", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    expect(await t.inbox.held(event)).toMatchObject({ receipt: one.receipt });
    expect(await t.inbox.held({ ...event, id: `${event.id}-2` })).toBeUndefined();
    expect(await t.inbox.extending(event)).toBe(one.receipt);
    const sent = await t.now();
    expect(await t.inbox.extended(event, one.receipt, { receipt: "new", windowMs: 10_000 }, sent)).toBeUndefined();
    const held = await t.inbox.held(event);
    expect(held?.receipt).toBe("new");
    expect(held?.openUntil).toBeGreaterThan(performance.now() + 8_000);
    expect(await t.handled(event)).toMatchObject({ receipt: "new" });
    expect(await t.inbox.held(event)).toBeUndefined();
    expect(await t.inbox.extending(event)).toBeUndefined();
  });

  scenario("a refusal proves nothing while an extension replaces the receipt", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const sent = await t.now();
    await t.inbox.extending(event);
    const confirmation = await t.handled(event);
    await t.inbox.settle(confirmation, "presumed");
    await t.inbox.settle(confirmation, "dead");
    expect(await t.dueCount()).toBe(1);
    const due = await t.inbox.extended(event, one.receipt, { receipt: "new", windowMs: 10_000 }, sent);
    expect(due).toMatchObject({ ...event, receipt: "new" });
    if (due) await t.inbox.settle(due, "presumed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("a receipt that an extension leaves unchanged does not count as sent twice", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const sent = await t.now();
    await t.inbox.extending(event);
    await t.handled(event);
    const extended = { receipt: one.receipt, windowMs: 10_000 };
    expect(await t.inbox.extended(event, one.receipt, extended, sent)).toBeUndefined();
    expect(await t.dueCount()).toBe(1);
  });

  scenario("a receipt that an extension is replacing may be confirmed", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await t.inbox.extending(event);
    await t.inbox.settle(await t.handled(event), "confirmed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("an extension that a crash left open ends with the next delivery", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    await t.inbox.extending(event);
    await t.handled(event);
    await t.windowCloses();
    const { verdicts, confirmations } = await t.pull(again(one));
    expect(verdicts).toEqual(["confirm"]);
    for (const confirmation of confirmations) await t.inbox.settle(confirmation, "presumed");
    expect(await t.dueCount()).toBe(0);
  });

  scenario("an extension of a receipt that was replaced meanwhile changes nothing", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const sent = await t.now();
    await t.inbox.extending(event);
    await t.windowCloses();
    const next = again(one);
    await t.pull(next);
    expect(await t.inbox.extended(event, one.receipt, { receipt: "late", windowMs: 10_000 }, sent)).toBeUndefined();
    expect(await t.inbox.held(event)).toMatchObject({ receipt: next.receipt });
  });
}
