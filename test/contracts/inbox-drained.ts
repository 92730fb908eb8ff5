import { expect } from "vitest";
import type { DueConfirmation } from "../../src/core/inbox.ts";
import { again, delivery, scenario, type InboxSetup, type Trial } from "./inbox-trial.ts";

/** A confirmation whose answer was lost either took effect, or its event returns. */
export function drainedContract(setup: InboxSetup): void {
  scenario("an event that stays away through two empty pulls, a window apart, was confirmed", setup, async (t) => {
    const { event } = await owesLong(t);
    expect(await drainedNow(t)).toBe(0);
    expect(await t.dueCount()).toBe(1);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(1);
    expect(await t.dueCount()).toBe(0);
    expect(await t.inbox.mark(event, true)).toEqual({ stored: false });
    expect(await drainedNow(t)).toBe(0);
  });

  scenario("two empty pulls that are not a window and the grace apart prove nothing", setup, async (t) => {
    await owesLong(t);
    const first = await t.now();
    const proved = [await drainedNow(t), await drainedNow(t)];
    await t.until(first + t.times.windowMs + 1);
    proved.push(await drainedNow(t));
    await t.inTime(first + t.times.windowMs + t.times.graceMs);
    expect(proved).toEqual([0, 0, 0]);
    expect(await t.dueCount()).toBe(1);
  });

  scenario("an empty pull inside the window of the receipt proves nothing", setup, async (t) => {
    const accepted = await t.now();
    await t.handled(await t.added(delivery(t.source, "f1")));
    await drainedNow(t);
    await t.inTime(accepted + t.times.windowMs);
    await anotherWindow(t);
    expect(await drainedNow(t), "it was not counted").toBe(0);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(1);
  });

  scenario("a return between the two empty pulls starts the count anew", setup, async (t) => {
    const { first, confirmation } = await owesLong(t);
    expect(await drainedNow(t)).toBe(0);
    const { verdicts } = await t.pull(again(first));
    expect(verdicts).toEqual(["confirm"]);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(0);
    await t.inbox.settle(confirmation, "confirmed");
    expect(await t.dueCount(), "its old receipt is of no use").toBe(1);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(1);
  });

  scenario("a return that is left alone has a window in which empty pulls prove nothing", setup, async (t) => {
    await t.handled(await t.added(delivery(t.source, "f1")));
    const handled = await t.now();
    await t.until(handled + t.times.windowMs / 2);
    const returned = await t.now();
    const { verdicts } = await t.pull(again(delivery(t.source, "f1")));
    await t.until(handled + t.times.windowMs + 1);
    const proved = await drainedNow(t);
    await t.inTime(returned + t.times.windowMs);
    expect({ verdicts, proved }).toEqual({ verdicts: ["skip"], proved: 0 });
    await anotherWindow(t);
    expect(await drainedNow(t), "the first one was not counted").toBe(0);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(1);
  });

  scenario("a return that is left alone starts the count anew as well", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const before = await t.now();
    const event = await t.added(first);
    const accepted = await t.now();
    await t.handled(event);
    await t.until(accepted + t.times.windowMs + 1);
    expect(await drainedNow(t)).toBe(0);
    const { verdicts } = await t.pull(again(first));
    await t.inTime(before + t.times.windowMs + t.times.callMs);
    expect(verdicts).toEqual(["skip"]);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(0);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(1);
  });

  scenario("a return in an answer that came too late starts the count anew as well", setup, async (t) => {
    const { first } = await owesLong(t);
    expect(await drainedNow(t)).toBe(0);
    const sent = (await t.now()) - t.times.graceMs - 1;
    expect((await t.pullSentAt(sent, again(first))).verdicts).toEqual(["skip"]);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(0);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(1);
  });

  scenario("empty pulls say nothing about what is pending", setup, async (t) => {
    const first = delivery(t.source, "f1");
    const event = await t.added(first);
    await t.windowCloses();
    expect(await drainedNow(t)).toBe(0);
    await anotherWindow(t);
    expect(await drainedNow(t)).toBe(0);
    expect((await t.handled(event)).receipt).toBe(first.receipt);
    expect(await t.dueCount()).toBe(1);
  });

  scenario("empty pulls of one source say nothing about another", setup, async (t) => {
    await owesLong(t);
    const other = { ...t.source, name: `${t.source.name}/other` };
    expect(await t.inbox.drained(other, await t.now())).toBe(0);
    await anotherWindow(t);
    expect(await t.inbox.drained(other, await t.now())).toBe(0);
    expect(await drainedNow(t)).toBe(0);
    expect(await t.dueCount()).toBe(1);
  });
}

async function drainedNow(t: Trial): Promise<number> {
  return t.inbox.drained(t.source, await t.now());
}

/** A handled event whose receipt is certainly dead. */
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
