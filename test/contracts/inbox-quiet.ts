import { expect } from "vitest";
import type { DueConfirmation, Place } from "../../src/core/inbox.ts";
import { again, delivery, scenario, type InboxSetup, type Trial } from "./inbox-trial.ts";

/** If the answer to a confirmation was lost, either the confirmation took effect or the event returns. */
export function quietContract(setup: InboxSetup): void {
  scenario("an event that stays away through two empty pulls, a window apart, was confirmed", setup, async (t) => {
    const { event } = await owesLong(t);
    expect(await lookedAt(t)).toBe(0);
    expect(await t.dueCount()).toBe(1);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(1);
    expect(await t.dueCount()).toBe(0);
    expect(await t.inbox.mark(event, true)).toEqual({ stored: false });
    expect(await lookedAt(t)).toBe(0);
  });

  scenario("two empty pulls that are not a window and the grace apart prove nothing", setup, async (t) => {
    await owesLong(t);
    const first = await t.now();
    const proved = [await lookedAt(t), await lookedAt(t)];
    await t.until(first + t.times.windowMs + 1);
    proved.push(await lookedAt(t));
    await t.inTime(first + t.times.windowMs + t.times.graceMs);
    expect(proved).toEqual([0, 0, 0]);
    expect(await t.dueCount()).toBe(1);
  });

  scenario("an empty pull inside the window of the receipt proves nothing", setup, async (t) => {
    const accepted = await t.now();
    await t.handled(await t.added(delivery(t.source, "f1")));
    await lookedAt(t);
    await t.inTime(accepted + t.times.windowMs);
    await anotherWindow(t);
    expect(await lookedAt(t), "it was not counted").toBe(0);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(1);
  });

  scenario("a return between the two empty pulls starts the count anew", setup, async (t) => {
    const { first, confirmation } = await owesLong(t);
    expect(await lookedAt(t)).toBe(0);
    const { verdicts } = await t.pull(again(first));
    expect(verdicts).toEqual(["confirm"]);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(0);
    await t.inbox.settle(confirmation, "confirmed");
    expect(await t.dueCount(), "its old receipt is of no use").toBe(1);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(1);
  });

  scenario("a return that is left alone has a window in which empty pulls prove nothing", setup, async (t) => {
    const began = await t.now();
    await t.handled(await t.added(delivery(t.source, "f1")));
    const handled = await t.now();
    await t.until(handled + t.times.windowMs / 2);
    const returned = await t.now();
    const { verdicts } = await t.pull(again(delivery(t.source, "f1")));
    await t.inTime(began + t.times.windowMs);
    await t.until(handled + t.times.windowMs + 1);
    const proved = await lookedAt(t);
    await t.inTime(returned + t.times.windowMs);
    expect({ verdicts, proved }).toEqual({ verdicts: ["skip"], proved: 0 });
    await anotherWindow(t);
    expect(await lookedAt(t), "the first one was not counted").toBe(0);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(1);
  });

  scenario("a return that is left alone starts the count anew as well", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const before = await t.now();
    const event = await t.added(first);
    const accepted = await t.now();
    await t.handled(event);
    await t.until(accepted + t.times.windowMs + 1);
    expect(await lookedAt(t)).toBe(0);
    const sent = await t.now();
    await t.inTime(before + t.times.windowMs + t.times.callMs);
    const { verdicts } = await t.pullSentAt(sent, again(first));
    await t.inTime(sent + t.times.graceMs);
    expect(verdicts).toEqual(["skip"]);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(0);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(1);
  });

  scenario("a return in an answer that came too late starts the count anew as well", setup, async (t) => {
    const { first } = await owesLong(t);
    expect(await lookedAt(t)).toBe(0);
    const sent = (await t.now()) - t.times.graceMs - 1;
    expect((await t.pullSentAt(sent, again(first))).verdicts).toEqual(["skip"]);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(0);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(1);
  });

  scenario("a pull that came back short says as much as an empty one, under steady traffic", setup, async (t) => {
    await owesLong(t);
    const looks = [await lookedAt(t, { isEmpty: false })];
    await anotherWindow(t);
    looks.push(await lookedAt(t, { isEmpty: false }));
    expect(looks).toEqual([0, 1]);
  });

  scenario("a look proves nothing while an earlier pull is under way, here or in another replica", setup, async (t) => {
    await owesLong(t);
    expect(await lookedAt(t)).toBe(0);
    await anotherWindow(t);
    const replica = t.replica ?? t.inbox;
    const began = await t.now();
    const earlier = await begun(t, { inbox: replica });
    await t.advance(2);
    const mine = await begun(t);
    const look = { pull: mine.pull, sent: await t.now(), isEmpty: true };
    const meanwhile = await t.inbox.quiet(t.source, look);
    earlier.end(false);
    await t.advance(2);
    // The replica reports the end when it asks for its next place. That later pull does not weaken this look.
    await begun(t, { inbox: replica });
    const afterwards = await t.inbox.quiet(t.source, look);
    await t.inTime(began + 25_000);
    expect([meanwhile, afterwards]).toEqual([0, 1]);
  });

  scenario("events taken by a pull without a usable answer may return until their window closes", setup, async (t) => {
    await owesLong(t);
    expect(await lookedAt(t)).toBe(0);
    await anotherWindow(t);
    const began = await t.now();
    (await begun(t)).end(true);
    const proved = [await lookedAt(t)];
    await t.until(began + t.times.windowMs / 2);
    proved.push(await lookedAt(t));
    await t.inTime(began + t.times.windowMs);
    expect(proved).toEqual([0, 0]);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(1);
  });

  scenario("an event that comes back after a short answer shows that these prove nothing", setup, async (t) => {
    const { first } = await owesLong(t);
    expect(await lookedAt(t, { isEmpty: false })).toBe(0);
    await t.advance(2);
    const sent = await t.now();
    const { acceptances, isUnfilled } = await t.inbox.accept(t.source, sent, [again(first)]);
    await t.inTime(sent + t.times.graceMs);
    expect({ verdict: acceptances[0]?.verdict, isUnfilled }).toEqual({ verdict: "confirm", isUnfilled: true });
    await anotherWindow(t);
    const looks = [await lookedAt(t, { isEmpty: false })];
    await anotherWindow(t);
    looks.push(await lookedAt(t, { isEmpty: false }));
    looks.push(await lookedAt(t));
    await anotherWindow(t);
    looks.push(await lookedAt(t));
    expect(looks).toEqual([0, 0, 0, 1]);
  });

  scenario("empty pulls say nothing about pending events", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    await t.windowCloses();
    expect(await lookedAt(t)).toBe(0);
    await anotherWindow(t);
    expect(await lookedAt(t)).toBe(0);
    expect((await t.handled(event)).receipt).toBe(first.receipt);
    expect(await t.dueCount()).toBe(1);
  });

  scenario("empty pulls of one source say nothing about another", setup, async (t) => {
    await owesLong(t);
    const other = { ...t.source, name: `${t.source.name}/other` };
    expect(await lookedAt(t, { source: other })).toBe(0);
    await anotherWindow(t);
    expect(await lookedAt(t, { source: other })).toBe(0);
    expect(await lookedAt(t)).toBe(0);
    expect(await t.dueCount()).toBe(1);
  });
}

/** Makes an empty pull while no other pull is in progress. */
async function lookedAt(
  t: Trial,
  how: { source?: Trial["source"]; inbox?: Trial["inbox"]; isEmpty?: boolean } = {},
): Promise<number> {
  const { source = t.source, inbox = t.inbox, isEmpty = true } = how;
  const { pull, end } = await begun(t, { source, inbox });
  const taken = await inbox.quiet(source, { pull, sent: await t.now(), isEmpty });
  end(false);
  return taken;
}

async function begun(t: Trial, { source = t.source, inbox = t.inbox } = {}): Promise<Extract<Place, { isFree: true }>> {
  const place = await inbox.place(source, 1);
  if (!place.isFree) throw new Error("no room");
  return place;
}

/** Makes a handled event whose receipt is certainly dead. */
async function owesLong(t: Trial) {
  const first = delivery(t.source, "f1");
  const event = await t.added(first);
  const confirmation: DueConfirmation = await t.handled(event);
  await t.windowCloses();
  return { first, event, confirmation };
}

async function anotherWindow(t: Trial): Promise<void> {
  await t.until((await t.now()) + t.times.windowMs + t.times.graceMs + 1);
}
