import type { Redis } from "ioredis";
import { z } from "zod";
import type { EventRef } from "../core/event.ts";
import type { Desk } from "../core/inbox.ts";
import type { Keys } from "./keys.ts";
import type { LedgerTimes } from "./ledger.ts";
import { type LifeWords, NO_HISTORY } from "./life-words.ts";
import { confirmationOf } from "./receipts.ts";
import { loadScript } from "./scripts.ts";

const Reply = z.tuple([z.enum(["given up", "removed", "handled", "none"]), z.string(), z.number(), z.number()]);

/** A bound, since Redis serves nobody else while it ends these. */
const ENDED_AT_ONCE = 200;

/** The actions that a person may take on an event. Each is one script, which does all of it or nothing. */
export function createDesk(
  redis: Redis,
  { keysOf }: Keys,
  { graceMs, callMs }: LedgerTimes,
  words: LifeWords = NO_HISTORY,
) {
  const discard = loadScript(redis, "source", "discard");
  const end = loadScript(redis, "source", "end-handled");
  const note = loadScript(redis, "source", "note-action");
  const endSome = loadScript(redis, "source", "end-all-handled");

  return {
    async discard(event, reason = "", by = "") {
      const { source, fingerprint, id } = event;
      const asked = performance.now();
      const reply = await discard(keysOf(source).scope, source, fingerprint, id, callMs, words.reason(reason, by));
      const [outcome, receipt, openForMs, closedInMs] = Reply.parse(reply);
      if (receipt === "") return { outcome };
      return { outcome, confirmation: confirmationOf(event, receipt, asked, openForMs, closedInMs) };
    },

    async end({ source, fingerprint, id }, reason = "", by = "") {
      return (await end(keysOf(source).scope, source, fingerprint, id, graceMs, words.reason(reason, by))) === 1;
    },

    async endAll(source) {
      for (let ended = 0; ;) {
        const count = z.number().parse(await endSome(keysOf(source).scope, source, graceMs, ENDED_AT_ONCE));
        ended += count;
        if (count < ENDED_AT_ONCE) return ended;
      }
    },

    /** Records in the event's history that a person acted on it. `firstSeen`: its first delivery. */
    async noteAction({ source, fingerprint, id }: EventRef, firstSeen: string, what: string, by = ""): Promise<void> {
      if (words.replica === "") return;
      await note(keysOf(source).scope, source, fingerprint, id, Date.parse(firstSeen), words.reason(what, by));
    },

    /** The handled event with this id. */
    async findHandled(source: string, id: string): Promise<EventRef | undefined> {
      const own = keysOf(source);
      let cursor = "0";
      do {
        const [next, members] = await redis.zscan(own.handled, cursor, "COUNT", 200);
        const fingerprints = members.filter((_, index) => index % 2 === 0);
        const ids = await Promise.all(fingerprints.map((fingerprint) => redis.hget(own.event(fingerprint), "id")));
        const fingerprint = fingerprints[ids.indexOf(id)];
        if (fingerprint !== undefined) return { source, fingerprint, id };
        cursor = next;
      } while (cursor !== "0");
      return undefined;
    },
  } satisfies Desk & Record<"findHandled" | "noteAction", unknown>;
}
