import { expect } from "vitest";
import type { EventRef } from "../../src/core/event.ts";
import type { DueConfirmation } from "../../src/core/inbox.ts";
import { again, delivery, scenario, type InboxSetup, type Trial } from "./inbox-trial.ts";

/** Two processes may confirm one event. The vendor takes one call and therefore refuses the other. */
export function givenTwiceContract(setup: InboxSetup): void {
  for (const how of ["an operator discards the event", "it was handled once more"] as const)
    for (const refused of ["first", "second"] as const)
      scenario(`${how}: if its ${refused} call is refused inside the window, it is confirmed`, setup, async (t) => {
        const one = delivery(t.source, "f1");
        const { sent, ids } = await t.pull(one);
        const event = { id: ids[0] ?? "", fingerprint: one.fingerprint, source: t.source.name };
        const first = await t.handled(event);
        const second = await givenAgain(t, event, how);
        expect(second.receipt).toBe(first.receipt);
        await t.inbox.settle({ first, second }[refused], "dead");
        await t.inTime(sent + t.times.windowMs);
        expect(await t.dueCount()).toBe(0);
        await t.until((await t.now()) + 1);
        expect((await t.pull(again(one))).verdicts, "the next one has a run of its own").toEqual(["add"]);
      });

  scenario(
    "a refusal of a receipt that was sent twice proves nothing when its window may have closed",
    setup,
    async (t) => {
      const one = delivery(t.source, "f1");
      const { sent, ids } = await t.pull(one);
      const event = { id: ids[0] ?? "", fingerprint: one.fingerprint, source: t.source.name };
      const due = await t.handled(event);
      await givenAgain(t, event);
      await t.until(sent + t.times.windowMs + 1);
      await t.inbox.settle(due, "dead");
      const early = await t.pull(again(one));
      await t.inTime(sent + t.times.windowMs + t.times.callMs);
      expect({ verdicts: early.verdicts, handled: early.handled }).toEqual({ verdicts: ["skip"], handled: 1 });
      await t.windowCloses();
      expect((await t.pull(again(one))).verdicts).toEqual(["confirm"]);
    },
  );

  scenario(
    "the receipt of the next delivery was sent only once, so a refusal means that it is dead",
    setup,
    async (t) => {
      const one = delivery(t.source, "f1");
      const event = await t.added(one);
      await t.handled(event);
      await givenAgain(t, event);
      await t.windowCloses();
      const [due] = (await t.pull(again(one))).confirmations;
      if (due) await t.inbox.settle(due, "dead");
      const { verdicts, handled } = await t.pull(again(one));
      expect({ verdicts, handled }).toEqual({ verdicts: ["confirm"], handled: 1 });
    },
  );

  scenario(
    "a refusal of a receipt that was sent twice proves nothing while an extension replaces it",
    setup,
    async (t) => {
      const event = await t.added(delivery(t.source, "f1"));
      await t.inbox.extending(event);
      const due = await t.handled(event);
      await givenAgain(t, event);
      await t.inbox.settle(due, "dead");
      expect(await t.dueCount()).toBe(1);
    },
  );

  scenario("a receipt that an extension leaves unchanged was still sent twice", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const sent = await t.now();
    await t.inbox.extending(event);
    const due = await t.handled(event);
    await givenAgain(t, event);
    await t.inbox.extended(event, one.receipt, { receipt: one.receipt, windowMs: 10_000 }, sent);
    await t.inbox.settle(due, "dead");
    await t.inTime(sent + 10_000);
    expect(await t.dueCount()).toBe(0);
  });

  scenario("a receipt that an extension makes was sent only once", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    const sent = await t.now();
    await t.inbox.extending(event);
    await t.handled(event);
    await givenAgain(t, event);
    const due = await t.inbox.extended(event, one.receipt, { receipt: "new", windowMs: 10_000 }, sent);
    if (due) await t.inbox.settle(due, "dead");
    const { verdicts, handled } = await t.pull(again(one));
    expect({ verdicts, handled }).toEqual({ verdicts: ["confirm"], handled: 1 });
  });
}

/** Gives the confirmation out again, in another replica if the store can have one. */
async function givenAgain(t: Trial, event: EventRef, how = "it was handled once more"): Promise<DueConfirmation> {
  const inbox = t.replica ?? t.inbox;
  const { confirmation } =
    how === "it was handled once more" ? await inbox.mark(event, true) : await inbox.discard(event);
  if (!confirmation) throw new Error(`no confirmation is due for ${event.id}`);
  return confirmation;
}
