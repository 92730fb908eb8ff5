import { expect } from "vitest";
import type { EventRef } from "../../src/core/event.ts";
import { STEP_LIMITS, type StepRef } from "../../src/core/step-store.ts";
import { again, delivery, scenario, type InboxSetup, type Trial } from "./inbox-trial.ts";

const RAN_FOR_MS = 50;

/** How the results of an event's steps are kept from one attempt to the next. */
export function stepsContract(setup: InboxSetup): void {
  scenario("a result is kept for later attempts, whatever it holds", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    for (const [name, result] of [
      ["empty", ""],
      ["plain", '{"id":1}'],
      ["r", '"Käse ☕ \\u0000"'],
      ["c1 token", "[]"],
    ] as const) {
      expect(await t.steps.claim(step(event, name, "first"), RAN_FOR_MS)).toEqual({ kind: "claimed" });
      expect(await t.steps.store(step(event, name, "first"), result)).toBe("stored");
      expect(await t.steps.claim(step(event, name, "second"), RAN_FOR_MS)).toEqual({ kind: "kept", result });
    }
  });

  scenario(
    "another attempt waits while the first one reports that it is alive, and then takes the step over",
    setup,
    async (t) => {
      const event = await t.added(delivery(t.source, "f1"));
      const [first, second] = [step(event, "charge", "first"), step(event, "charge", "second")];
      const before = await t.now();
      await t.steps.claim(first, RAN_FOR_MS);
      const began = await t.now();
      const early = await t.steps.claim(second, RAN_FOR_MS);
      await t.inTime(before + t.steps.claimMs / 2);
      expect(early).toMatchObject({ kind: "busy" });
      await t.until(began + t.steps.claimMs / 2);
      const renewed = await t.now();
      await t.steps.renew(second);
      await t.steps.renew(first);
      await t.inTime(before + t.steps.claimMs * 0.9);
      await t.until(began + t.steps.claimMs + 1);
      const asked = await t.steps.claim(second, RAN_FOR_MS);
      await t.inTime(renewed + t.steps.claimMs * 0.9);
      expect(asked).toMatchObject({ kind: "busy" });
      await t.until((await t.now()) + t.steps.claimMs + 1);
      expect(await t.steps.claim(second, RAN_FOR_MS)).toEqual({ kind: "claimed" });
    },
  );

  scenario(
    "a process that was frozen cannot store its step, and gets the result of the process that took over",
    setup,
    async (t) => {
      const event = await t.added(delivery(t.source, "f1"));
      const [frozen, second] = [step(event, "charge", "frozen"), step(event, "charge", "second")];
      await t.steps.claim(frozen, RAN_FOR_MS);
      await t.until((await t.now()) + t.steps.claimMs + 1);
      expect(await t.steps.claim(second, RAN_FOR_MS)).toEqual({ kind: "claimed" });
      await t.steps.renew(frozen);
      await t.steps.release(frozen);
      expect(await t.steps.store(frozen, '"too late"'), "beside the other's claim").toBe("refused");
      expect(await t.steps.store(second, '"in time"')).toBe("stored");
      expect(await t.steps.store(frozen, '"too late"'), "over the other's result").toBe("refused");
      expect(await t.steps.claim(frozen, RAN_FOR_MS)).toEqual({ kind: "kept", result: '"in time"' });
    },
  );

  scenario("a step that failed is free at once", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    const first = step(event, "charge", "first");
    await t.steps.claim(first, RAN_FOR_MS);
    await t.steps.release(first);
    expect(await t.steps.store(first, "1"), "without a claim").toBe("refused");
    expect(await t.steps.claim(step(event, "charge", "second"), RAN_FOR_MS)).toEqual({ kind: "claimed" });
  });

  scenario("the number of an event's steps and the bytes of its results are limited", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    const large = "x".repeat(STEP_LIMITS.resultBytes);
    const fitting = STEP_LIMITS.totalBytes / STEP_LIMITS.resultBytes;
    for (let n = 0; n < STEP_LIMITS.steps; n++) {
      await t.steps.claim(step(event, `${n}`), RAN_FOR_MS);
      expect(await t.steps.store(step(event, `${n}`), n < fitting ? large : "")).toBe("stored");
    }
    expect(await t.steps.claim(step(event, "one more"), RAN_FOR_MS)).toEqual({ kind: "full" });
    expect(await t.steps.claim(step(event, "0"), RAN_FOR_MS)).toEqual({ kind: "kept", result: large });

    const other = await t.added(delivery(t.source, "f2"));
    await keep(t, other, "half", large);
    await t.steps.claim(step(other, "too large"), RAN_FOR_MS);
    expect(await t.steps.store(step(other, "too large"), large.repeat(fitting - 1) + "x")).toBe("full");
    expect(await t.steps.store(step(other, "too large"), large.repeat(fitting - 1))).toBe("stored");
  });

  scenario("the results go with the handler's success, and no run begins a step after it", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await keep(t, event, "charge", "1");
    expect(await t.steps.ids()).toEqual([event.id]);
    await t.inbox.mark(event, true, RAN_FOR_MS, { hasSteps: true });
    expect(await t.steps.ids()).toEqual([]);
    expect(await t.steps.claim(step(event, "charge"), RAN_FOR_MS)).toEqual({ kind: "over" });
    await t.jobs.finish(event.id);
    await t.jobs.remove(event.id);
    expect(await t.steps.claim(step(event, "charge"), RAN_FOR_MS), "without its job").toEqual({ kind: "over" });
    expect(await t.steps.ids()).toEqual([]);
  });

  scenario("no result is kept any more once another run has handled the event", setup, async (t) => {
    for (const [content, isGone] of [
      ["f1", false],
      ["f2", true],
    ] as const) {
      const event = await t.added(delivery(t.source, content));
      await t.steps.claim(step(event, "charge"), RAN_FOR_MS);
      // The run that handled it used no steps.
      await t.inbox.mark(event, true);
      await t.jobs.finish(event.id);
      if (isGone) await t.jobs.remove(event.id);
      expect(await t.steps.store(step(event, "charge"), "1")).toBe("refused");
      expect(await t.steps.claim(step(event, "charge"), RAN_FOR_MS)).toEqual({ kind: "over" });
    }
  });

  scenario("results stay with a parked event, confirmed or not, and serve its retry", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await keep(t, event, "charge", "1");
    await t.jobs.park(event.id);
    const { confirmation } = await t.inbox.mark(event, false);
    if (confirmation) await t.inbox.settle(confirmation, "confirmed");
    await t.steps.sweep();
    await t.jobs.retry(event.id);
    expect(await t.steps.claim(step(event, "charge", "retry"), RAN_FOR_MS)).toEqual({ kind: "kept", result: "1" });
  });

  scenario("results go with an event that is discarded", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await keep(t, event, "charge", "1");
    await t.jobs.park(event.id);
    await t.inbox.discard(event);
    expect(await t.steps.ids()).toEqual([]);
    expect(await t.steps.claim(step(event, "charge"), RAN_FOR_MS)).toEqual({ kind: "over" });
  });

  scenario("an event whose job was removed by hand still has its results when it comes back", setup, async (t) => {
    const one = delivery(t.source, "f1");
    const event = await t.added(one);
    await keep(t, event, "charge", "1");
    await t.jobs.park(event.id);
    await t.jobs.remove(event.id);
    await t.steps.sweep();
    await t.windowCloses();
    expect((await t.pull(again(one))).ids).toEqual([event.id]);
    expect(await t.steps.claim(step(event, "charge", "later"), RAN_FOR_MS)).toEqual({ kind: "kept", result: "1" });
  });

  scenario("a sweep removes results that no run can need any more", setup, async (t) => {
    const [done, waiting] = [await t.added(delivery(t.source, "f1")), await t.added(delivery(t.source, "f2"))];
    for (const event of [done, waiting]) await keep(t, event, "charge", "1");
    // The last run used no steps, but an earlier one did.
    await t.inbox.mark(done, true);
    await t.jobs.finish(done.id);
    await t.steps.sweep();
    expect(await t.steps.ids()).toEqual([waiting.id]);
  });

  scenario("nothing can be kept of an event that was lost while it ran", setup, async (t) => {
    const event = await t.added(delivery(t.source, "f1"));
    await t.steps.claim(step(event, "charge"), RAN_FOR_MS);
    await t.loseEverything();
    expect(await t.steps.store(step(event, "charge"), "1")).toBe("refused");
    expect(await t.steps.claim(step(event, "charge"), RAN_FOR_MS)).toEqual({ kind: "lost" });
    expect(await t.steps.ids()).toEqual([]);
  });
}

function step(event: EventRef, name: string, token = "token"): StepRef {
  return { event, name, token };
}

async function keep(t: Trial, event: EventRef, name: string, result: string): Promise<void> {
  await t.steps.claim(step(event, name), RAN_FOR_MS);
  expect(await t.steps.store(step(event, name), result)).toBe("stored");
}
