/**
 * The ledger: the scripts that move an event from state to state. The states stand in `states.ts`.
 *
 *   accept   unknown, or confirmed and pulled after that               -> pending, its job is added, if there is room
 *            pending, its last window may still be open                -> skip: a twin or a duplicate, it comes back by itself
 *            handled, pulled while its confirmation might be under way -> skip, for the same reason
 *            pending                                                   -> renew the receipt; add its job again if it is gone
 *            handled                                                   -> renew the receipt, confirm it, run nothing
 *            confirmed, pulled before that; an old answer              -> skip
 *   mark     pending -> handled when the handler succeeded; gives the newest receipt out
 *   settle   handled -> confirmed when the vendor took the receipt; a dead receipt makes the next delivery count at once;
 *            while it may be being replaced by an extension, a refusal of it says nothing; if it was given out twice, a
 *            refusal inside its window says that the other call took effect
 *   discard  pending -> handled when an operator gives it up; its job goes with it
 *   end      handled -> confirmed when an operator says so, or all when the data went back
 *   quiet    handled -> confirmed when the event did not return, at two looks more than a window apart
 *   push     (none) -> reserved when a vendor calls; pushed: reserved -> queued; mark: -> handled; accept: -> paired
 */
import type { Redis } from "ioredis";
import { z } from "zod";
import { eventId } from "../core/fingerprint.ts";
import type { CallbackEvent, EventRef } from "../core/event.ts";
import {
  type DueConfirmation,
  type Left,
  type Marked,
  type Settlement,
  type ShortPull,
  SKIP_REASONS,
} from "../core/inbox.ts";
import { type Delivery, type HidingTerms, knownForMs, longestHiddenMs, type SourceTerms } from "../core/source.ts";
import type { Limited } from "../core/limits.ts";
import { batchesPerScope, MAX_PER_CALL } from "./batches-per-scope.ts";
import { limitsText } from "./gate.ts";
import type { Keys } from "./keys.ts";
import { textOf } from "./leave.ts";
import { type LifeWords, NO_HISTORY } from "./life-words.ts";
import { MicroBatch } from "./micro-batch.ts";
import { createOpenWindows } from "./open-windows.ts";
import { confirmationOf, receiptHash } from "./receipts.ts";
import { loadScript } from "./scripts.ts";

export type LedgerTimes = {
  /** Longer than any pull may take. An older answer is not trusted. */
  readonly graceMs: number;
  /** The longest a confirmation call may take. */
  readonly callMs: number;
};

/** How a delivery becomes a job. */
export type NewJobs = {
  readonly attempts: number;
  readonly timestamp: number;
  readonly subjectsOf: (delivery: Delivery) => readonly string[];
  /** The job's data, as JSON. */
  readonly dataOf: (delivery: Delivery, subjects: readonly string[]) => string;
  /** The limits of the delivery's handler. */
  readonly limitedOf: (delivery: Delivery) => Limited | undefined;
  /** How many events may wait for the limits of one handler. */
  readonly mostHeld: number;
};

type Verdict = {
  readonly verdict: "add" | "renew" | "park" | "confirm" | "skip";
  readonly id: string;
  readonly confirmation: DueConfirmation;
};

const Verdicts = z.tuple(
  [z.number(), z.enum(["0", "1"])],
  z.tuple([z.enum(["add", "renew", "park", "confirm", "skip"]), z.string(), z.string(), z.number(), z.number()]),
);
const Marks = z.array(z.tuple([z.number(), z.string(), z.number(), z.number()]));
const Turns = z.tuple([z.number()], z.number());
export const SkipReason = z.enum(SKIP_REASONS);

export type Ledger = ReturnType<typeof createLedger>;

export function createLedger(redis: Redis, keys: Keys, times: LedgerTimes, words: LifeWords = NO_HISTORY) {
  const { keysOf, shared } = keys;
  const scripts = {
    accept: loadScript(redis, "source", "accept"),
    /**
     * The same script, joined with the gate. It is separate because defining the gate's functions costs time in each
     * call.
     */
    acceptLimited: loadScript(redis, "gate", "accept"),
    mark: loadScript(redis, "source", "mark"),
    noteSuccess: loadScript(redis, "source", "note-success"),
    settle: loadScript(redis, "source", "settle"),
    quiet: loadScript(redis, "source", "quiet"),
    turn: loadScript(redis, "shared", "turn"),
  };

  const marks = batchesPerScope(
    async (
      scope,
      items: readonly { event: EventRef | CallbackEvent; ran: boolean; ranForMs: number; left: Left }[],
    ) => {
      const asked = performance.now();
      const args = items.flatMap(({ event, ran, ranForMs, left }) => [
        event.source,
        event.fingerprint,
        event.id,
        ran ? "1" : "0",
        Math.ceil(ranForMs),
        textOf(left),
        words.pushed(event),
      ]);
      const replies = Marks.parse(await scripts.mark(scope, times.callMs, words.replica, ...args));
      return replies.map(([stored, receipt, openForMs, closedInMs], index): Marked => {
        const event = items[index]?.event;
        if (stored === -1) return { stored: false, isLost: true };
        if (!stored || !event || receipt === "") return { stored: stored === 1 };
        return { stored: true, confirmation: confirmationOf(event, receipt, asked, openForMs, closedInMs) };
      });
    },
  );

  const settlements = batchesPerScope(
    async (scope, items: readonly { confirmation: DueConfirmation; outcome: Settlement; unanswered: number }[]) => {
      const args = items.flatMap(({ confirmation, outcome, unanswered }) => [
        confirmation.source,
        confirmation.fingerprint,
        confirmation.id,
        confirmation.receipt,
        outcome,
        unanswered,
      ]);
      await scripts.settle(scope, times.graceMs, words.replica, ...args);
      return items.map(() => true);
    },
  );

  /** A quota is shared by all sources of a vendor, and each of them may make several calls at once. */
  const turns = new MicroBatch(
    MAX_PER_CALL,
    async (asked: readonly { readonly quota: string; readonly perSecond: number }[]) => {
      const args = asked.flatMap(({ quota, perSecond }) => [quota, perSecond]);
      const [now, ...found] = Turns.parse(await scripts.turn(shared.scope, ...args));
      return asked.map((_, index) => {
        const [waitMs = 0, thousandths = 0] = found.slice(2 * index);
        return { now, waitMs, used: thousandths / 1_000 };
      });
    },
  );

  return {
    ...createOpenWindows(redis, keys, times),

    async accept(
      source: SourceTerms,
      sent: number,
      deliveries: readonly Delivery[],
      most: number,
      { attempts, timestamp, subjectsOf, dataOf, limitedOf, mostHeld }: NewJobs,
    ): Promise<{ verdicts: Verdict[]; handled: number; isUnfilled: boolean }> {
      const asked = performance.now();
      const limits = deliveries.map(limitedOf);
      const accept = limits.some((limited) => limited) ? scripts.acceptLimited : scripts.accept;
      const args = deliveries.flatMap((delivery, index) => {
        const { fingerprint, receipt, type } = delivery;
        const id = eventId(source.name, receipt, fingerprint);
        const limited = limits[index];
        const gate = limited ? [limitsText(limited.limits), limited.key ?? ""] : ["", ""];
        const subjects = subjectsOf(delivery);
        const job = [id, type, dataOf(delivery, subjects)];
        return [fingerprint, receipt, receiptHash(receipt), ...job, ...gate, words.born(delivery, subjects)];
      });
      const [handled, unfilled, ...rows] = Verdicts.parse(
        await accept(
          keysOf(source.name).scope,
          source.name,
          sent,
          source.windowMs,
          times.graceMs,
          times.callMs,
          knownForMs(source),
          most,
          source.pushMemoryMs ?? 0,
          attempts,
          timestamp,
          mostHeld,
          words.replica,
          ...args,
        ),
      );
      const verdicts = rows.map(([verdict, id, receipt, openForMs, closedInMs], index): Verdict => {
        const { fingerprint = "", type = "" } = deliveries[index] ?? {};
        const event = { id, fingerprint, source: source.name, type };
        return { verdict, id, confirmation: confirmationOf(event, receipt, asked, openForMs, closedInMs) };
      });
      return { verdicts, handled, isUnfilled: unfilled === "1" };
    },

    mark: (event: EventRef | CallbackEvent, ran: boolean, ranForMs = 0, left: Left = {}): Promise<Marked> =>
      marks(keysOf(event.source)).add({ event, ran, ranForMs, left }),

    async noteSuccess({ source, id }: EventRef, attempt: number): Promise<void> {
      await scripts.noteSuccess(keysOf(source).scope, id, attempt);
    },

    async settle(confirmation: DueConfirmation, outcome: Settlement, unanswered = 0): Promise<void> {
      await settlements(keysOf(confirmation.source)).add({ confirmation, outcome, unanswered });
    },

    async quiet(source: HidingTerms, { sent, pull, isEmpty }: ShortPull): Promise<number> {
      const gapMs = longestHiddenMs(source) + times.graceMs;
      const args = [source.name, sent, pull, isEmpty ? "1" : "0", gapMs, times.graceMs];
      return z.number().parse(await scripts.quiet(keysOf(source.name).scope, ...args));
    },

    /** Reserves the next call under a quota. Resolves with Redis's time, how long to wait first, and the used share. */
    turn: (quota: string, perSecond: number): Promise<{ now: number; waitMs: number; used: number }> =>
      turns.add({ quota, perSecond }),
  };
}
