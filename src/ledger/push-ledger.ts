import type { Redis } from "ioredis";
import { z } from "zod";
import { loadScript } from "./scripts.ts";

const Reservation = z.tuple([z.enum(["add", "acknowledge"]), z.string()]);

/** What the ledger knows of pushed events. */
export function createPushLedger(redis: Redis, keys: readonly [ledger: string, bull: string]) {
  const push = loadScript(redis, "push", keys);
  const pushed = loadScript(redis, "pushed", keys);

  return {
    /** Reserves a pushed event for `memoryMs`: to be added under this id, or known already. */
    async reserve(
      fingerprint: string,
      id: string,
      memoryMs: number,
    ): Promise<{ verdict: "add" | "acknowledge"; id: string }> {
      const [verdict, known] = Reservation.parse(await push(fingerprint, id, memoryMs));
      return { verdict, id: known };
    },

    /** Notes that the event is a job now. */
    async added(fingerprint: string, id: string): Promise<void> {
      await pushed(fingerprint, id);
    },
  };
}
