import type { Redis } from "ioredis";
import { z } from "zod";
import type { EventRef } from "../core/event.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

const Reservation = z.tuple([z.enum(["add", "acknowledge"]), z.string()]);

/** What the ledger knows of pushed events. */
export function createPushLedger(redis: Redis, { keysOf }: Keys) {
  const push = loadScript(redis, "source", "push");
  const pushed = loadScript(redis, "source", "pushed");

  return {
    /** Reserves a pushed event for `memoryMs`: to be added under this id, or known already. */
    async reserve(
      { source, fingerprint, id }: EventRef,
      memoryMs: number,
    ): Promise<{ verdict: "add" | "acknowledge"; id: string }> {
      const [verdict, known] = Reservation.parse(await push(keysOf(source).scope, source, fingerprint, id, memoryMs));
      return { verdict, id: known };
    },

    /** Notes that the event is a job now. */
    async added({ source, fingerprint, id }: EventRef): Promise<void> {
      await pushed(keysOf(source).scope, source, fingerprint, id);
    },
  };
}
