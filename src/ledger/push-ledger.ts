import type { Redis } from "ioredis";
import { z } from "zod";
import type { EventRef } from "../core/event.ts";
import type { PushVerdict } from "../core/inbox.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";
import type { PushLimits } from "./waiting-pushes.ts";

const Reservation = z.tuple([z.enum(["add", "acknowledge", "refuse"]), z.string()]);

/** What the ledger knows of pushed events. */
export function createPushLedger(
  redis: Redis,
  { keysOf }: Keys,
  { maxWaiting, maxWaitingBytes, isFull = () => false }: PushLimits,
) {
  const push = loadScript(redis, "source", "push");
  const pushed = loadScript(redis, "source", "pushed");

  return {
    /** Reserves a pushed event for `memoryMs`: to be added under this id, or known already, or refused for lack of room. */
    async reserve(
      { source, fingerprint, id }: EventRef,
      bytes: number,
      memoryMs: number,
    ): Promise<{ verdict: PushVerdict; id: string }> {
      const args = [source, fingerprint, id, memoryMs, bytes, isFull() ? 0 : maxWaiting, maxWaitingBytes];
      const [verdict, known] = Reservation.parse(await push(keysOf(source).scope, ...args));
      return { verdict, id: known };
    },

    /** Notes that the event is a job now. */
    async added({ source, fingerprint, id }: EventRef): Promise<void> {
      await pushed(keysOf(source).scope, source, fingerprint, id);
    },
  };
}
