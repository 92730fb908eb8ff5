import { expect } from "vitest";
import { again, delivery, type InboxSetup, scenario } from "./inbox-trial.ts";

/** Longer than a call to Redis may take. */
const CALL_MS = 200;

export function runsContract(setup: InboxSetup): void {
  scenario("a run is lost if neither a record nor a job of its event is left", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    await t.jobs.park(event.id);
    const { confirmation } = await t.inbox.mark(event, false);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    await t.until((await t.now()) + t.times.graceMs + 1);
    // The job still exists: the event was given up and confirmed, and is now retried.
    expect(await t.inbox.mark(event, true)).toEqual({ stored: false });
    const next = await t.added(again(one));
    expect(await t.inbox.mark(event, true)).toEqual({ stored: false });
    await t.loseEverything();
    expect(await t.inbox.mark(next, true)).toEqual({ stored: false, isLost: true });
    await t.added(again(one));
    expect(await t.inbox.mark(next, true)).toEqual({ stored: false, isLost: true });
  });

  scenario(
    "a run is not lost if its event was confirmed and everything left of it was cleaned away",
    setup,
    async (t) => {
      const one = delivery(t.source, "f1");
      await t.inbox.place(t.source, 1);
      const event = await t.added(one);
      const began = await t.now();
      await t.inbox.settle(await t.handled(event), "confirmed");
      await t.until((await t.now()) + t.times.graceMs + 1);
      await t.jobs.remove(event.id);
      await t.added(again(one));
      expect(await t.inbox.mark(event, true, (await t.now()) - began)).toEqual({ stored: false });
    },
  );

  scenario("a run is lost if Redis lost its data while it ran, though pulling went on", setup, async (t) => {
    const one = delivery(t.source, "f1");
    await t.inbox.place(t.source, 1);
    const event = await t.added(one);
    const began = await t.now();
    await t.until(began + CALL_MS);
    await t.loseEverything();
    await t.inbox.place(t.source, 1);
    await t.added(again(one));
    const ended = await t.now();
    const marked = await t.inbox.mark(event, true, ended - began);
    await t.inTime(ended + CALL_MS);
    expect(marked).toEqual({ stored: false, isLost: true });
  });

  scenario("a run that nobody asked for confirms nothing", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    expect(await t.inbox.mark({ ...event, fingerprint: `${event.fingerprint}x` }, true)).toMatchObject({
      stored: false,
    });
    expect(await t.inbox.mark({ ...event, id: `${event.id}-2` }, true)).toMatchObject({ stored: false });
    expect(await t.dueCount()).toBe(0);
    await t.inbox.settle(await t.handled(event), "confirmed");
    expect(await t.inbox.mark(event, true)).toEqual({ stored: false });
    expect(await t.dueCount()).toBe(0);
  });

  scenario("an event has run once its success is stored, while its job exists", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    expect(await t.inbox.ran(event)).toBe(false);
    await t.inbox.mark(event, true);
    expect(await t.inbox.ran(event)).toBe(true);
    await t.jobs.finish(event.id);
    expect(await t.inbox.ran(event)).toBe(true);
    await t.jobs.remove(event.id);
    expect(await t.inbox.ran(event)).toBe(false);
    await t.inbox.mark(event, true);
    expect(await t.inbox.ran(event)).toBe(false);
    expect(await t.jobs.ids()).toEqual([]);
  });

  scenario(
    "an event whose job completed is handled, though the note of its success was lost: it is confirmed, and runs no more",
    setup,
    async (t) => {
      const one = delivery(t.source, "f1");
      const event = await t.added(one);
      // a primary that was replaced may have had the note alone, and its successor the end of the job
      await t.jobs.finish(event.id);
      await t.windowCloses();
      const { verdicts, ids, confirmations } = await t.pull(again(one));
      expect({ verdicts, ids }).toEqual({ verdicts: ["confirm"], ids: [event.id] });
      expect(await t.jobs.startable()).toEqual([]);
      for (const confirmation of confirmations) await t.inbox.settle(confirmation, "confirmed");
      expect(await t.dueCount()).toBe(0);
    },
  );

  scenario(
    "the attempt that succeeded is known while the job exists, and says nothing about the event",
    setup,
    async (t) => {
      const one = delivery(t.source, "f1");
      const event = await t.added(one);
      expect(await t.inbox.succeededIn(event)).toBeUndefined();
      await t.inbox.noteSuccess(event, 3);
      expect(await t.inbox.succeededIn(event)).toBe(3);
      expect(await t.inbox.ran(event)).toBe(false);
      expect(await t.dueCount()).toBe(0);
      await t.jobs.park(event.id);
      await t.jobs.retry(event.id);
      expect(await t.inbox.succeededIn(event)).toBe(3);
      await t.jobs.remove(event.id);
      await t.inbox.noteSuccess(event, 4);
      expect(await t.inbox.succeededIn(event)).toBeUndefined();
      expect(await t.jobs.ids()).toEqual([]);
    },
  );
}
