/**
 * The ledger: the scripts that move an event from state to state. The states stand in `states.ts`.
 *
 *   accept   unknown, or confirmed and pulled after that               -> pending, add a job, if there is room
 *            pending, its last window may still be open                -> skip: a twin or a duplicate, it comes back by itself
 *            handled, pulled while its confirmation might be under way -> skip, for the same reason
 *            pending                                                   -> renew the receipt; mend a lost job
 *            handled                                                   -> renew the receipt, confirm it, run nothing
 *            confirmed, pulled before that; an old answer              -> skip
 *   mark     pending -> handled when the handler succeeded; gives the newest receipt out
 *   settle   handled -> confirmed when the vendor took the receipt; a dead receipt makes the next delivery count at once
 *   drained  handled -> confirmed when the event did not return through two empty pulls more than a window apart
 *   push     (none) -> reserved when a vendor calls; pushed: reserved -> queued; mark: -> handled; accept: -> paired
 */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { eventId } from "../core/fingerprint.ts";
import type { EventRef } from "../core/event.ts";
import type { DueConfirmation, Marked } from "../core/inbox.ts";
import type { Delivery, Extended, SourceTerms } from "../core/source.ts";
import { MicroBatch } from "./micro-batch.ts";
import { loadScript } from "./scripts.ts";

export type LedgerTimes = {
  /** Longer than any pull may take: an answer older than this is not believed. */
  readonly graceMs: number;
  /** The longest a confirmation call may take. */
  readonly callMs: number;
  /** How long a record outlives the last delivery of its event; longer than any vendor's retention. */
  readonly keepMs: number;
};

type Verdict = {
  readonly verdict: "add" | "renew" | "park" | "confirm" | "skip";
  readonly id: string;
  readonly confirmation: DueConfirmation;
};

const Verdicts = z.tuple(
  [z.number()],
  z.tuple([z.enum(["add", "renew", "park", "confirm", "skip"]), z.string(), z.string(), z.number(), z.number()]),
);
const Marks = z.array(z.tuple([z.number(), z.string(), z.number(), z.number()]));
const Turn = z.tuple([z.number(), z.number()]);
const Extension = z.tuple([z.string(), z.number(), z.number()]);

/** So many events in one script call at most: Redis serves nobody else meanwhile. */
const MOST_PER_CALL = 64;

export type Ledger = ReturnType<typeof createLedger>;

export function createLedger(redis: Redis, keys: readonly [ledger: string, bull: string], times: LedgerTimes) {
  const scripts = {
    accept: loadScript(redis, "accept", keys),
    mark: loadScript(redis, "mark", keys),
    settle: loadScript(redis, "settle", keys),
    drained: loadScript(redis, "drained", keys),
    turn: loadScript(redis, "turn", keys),
    sweep: loadScript(redis, "sweep", keys),
    extend: loadScript(redis, "extend", keys),
  };

  const marks = new MicroBatch(MOST_PER_CALL, async (items: readonly { event: EventRef; ran: boolean }[]) => {
    const asked = performance.now();
    const args = items.flatMap(({ event, ran }) => [event.source, event.fingerprint, event.id, ran ? "1" : "0"]);
    const replies = Marks.parse(await scripts.mark(times.callMs, ...args));
    return replies.map(([stored, receipt, openForMs, closedInMs], index): Marked => {
      const event = items[index]?.event;
      if (!stored || !event || receipt === "") return { stored: stored === 1 };
      return { stored: true, confirmation: confirmationOf(event, receipt, asked, openForMs, closedInMs) };
    });
  });

  const settlements = new MicroBatch(
    MOST_PER_CALL,
    async (items: readonly { confirmation: DueConfirmation; outcome: "confirmed" | "dead" }[]) => {
      const args = items.flatMap(({ confirmation, outcome }) => [
        confirmation.source,
        confirmation.fingerprint,
        confirmation.id,
        confirmation.receipt,
        outcome,
      ]);
      await scripts.settle(times.graceMs, ...args);
      return items.map(() => true);
    },
  );

  return {
    async accept(
      source: SourceTerms,
      sent: number,
      deliveries: readonly Delivery[],
      cap: number,
    ): Promise<{ verdicts: Verdict[]; handled: number }> {
      const asked = performance.now();
      const args = deliveries.flatMap(({ fingerprint, receipt }) => [
        fingerprint,
        receipt,
        receiptHash(receipt),
        eventId(source.name, receipt, fingerprint),
      ]);
      const [handled, ...rows] = Verdicts.parse(
        await scripts.accept(
          source.name,
          sent,
          source.windowMs,
          times.graceMs,
          times.callMs,
          times.keepMs,
          cap,
          source.pushMemoryMs ?? 0,
          ...args,
        ),
      );
      const verdicts = rows.map(([verdict, id, receipt, openForMs, closedInMs], index): Verdict => {
        const fingerprint = deliveries[index]?.fingerprint ?? "";
        return {
          verdict,
          id,
          confirmation: confirmationOf({ id, fingerprint, source: source.name }, receipt, asked, openForMs, closedInMs),
        };
      });
      return { verdicts, handled };
    },

    mark: (event: EventRef, ran: boolean): Promise<Marked> => marks.add({ event, ran }),

    async settle(confirmation: DueConfirmation, outcome: "confirmed" | "dead"): Promise<void> {
      await settlements.add({ confirmation, outcome });
    },

    async drained(source: SourceTerms, sent: number): Promise<number> {
      return z.number().parse(await scripts.drained(source.name, sent, source.windowMs, times.graceMs));
    },

    async held({ fingerprint, id }: EventRef): Promise<Pick<DueConfirmation, "receipt" | "openUntil"> | undefined> {
      const asked = performance.now();
      const [fields, [seconds, micros]] = await Promise.all([
        redis.hmget(`${keys[0]}event:${fingerprint}`, "state", "id", "receipt", "openUntil"),
        redis.time(),
      ]);
      const [state, known, receipt, openUntil] = fields;
      if (state !== "pending" || known !== id || !receipt) return undefined;
      return { receipt, openUntil: asked + Number(openUntil) - (Number(seconds) * 1_000 + Number(micros) / 1_000) };
    },

    async extended(
      event: EventRef,
      old: string,
      { receipt, windowMs }: Extended,
      sent: number,
    ): Promise<DueConfirmation | undefined> {
      const { source, fingerprint, id } = event;
      const asked = performance.now();
      const args = [
        source,
        fingerprint,
        id,
        old,
        receipt,
        receiptHash(receipt),
        sent,
        windowMs,
        times.callMs,
        times.keepMs,
      ];
      const [isDue, openForMs, closedInMs] = Extension.parse(await scripts.extend(...args));
      return isDue === "1" ? confirmationOf(event, receipt, asked, openForMs, closedInMs) : undefined;
    },

    /** Reserves the next call under a quota; resolves with Redis's time and how long to wait first. */
    async turn(quota: string, perSecond: number): Promise<{ now: number; waitMs: number }> {
      const [now, waitMs] = Turn.parse(await scripts.turn(quota, perSecond));
      return { now, waitMs };
    },

    /** Drops what points to records that are gone. */
    async sweep(source: string): Promise<void> {
      for (const what of ["unconfirmed", "receipts"]) {
        let cursor = "0";
        do cursor = z.string().parse(await scripts.sweep(source, what, cursor));
        while (cursor !== "0");
      }
    },
  };
}

/** Deadlines are counted from before the question was asked, so they can only be early. */
function confirmationOf(
  { id, fingerprint, source }: EventRef,
  receipt: string,
  asked: number,
  openForMs: number,
  closedInMs: number,
): DueConfirmation {
  return { id, fingerprint, source, receipt, openUntil: asked + openForMs, closedFrom: asked + closedInMs };
}

function receiptHash(receipt: string): string {
  return createHash("sha256").update(receipt).digest("base64url").slice(0, 22);
}
