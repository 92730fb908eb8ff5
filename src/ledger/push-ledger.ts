import type { Redis } from "ioredis";
import { z } from "zod";
import type { EventRef, JsonObject } from "../core/event.ts";
import type { PushVerdict } from "../core/inbox.ts";
import type { Limited, Limits } from "../core/limits.ts";
import { limitsText } from "./gate.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";
import type { PushLimits } from "./waiting-pushes.ts";

const Reservation = z.tuple([z.enum(["add", "acknowledge", "refuse"]), z.string()]);

/** The operations of the ledger on pushed events. */
export function createPushLedger(
  redis: Redis,
  { keysOf }: Keys,
  { maxWaiting, maxWaitingBytes, isFull = () => false, mostHeld = Number.MAX_SAFE_INTEGER }: PushLimits,
) {
  const push = loadScript(redis, "source", "push");
  const pushUnderLimits = loadScript(redis, "gate", "push");
  const pushLimited = loadScript(redis, "gate", "push-limited");
  const pushed = loadScript(redis, "source", "pushed");

  return {
    /**
     * Reserves a pushed event for `memoryMs`. It is to be added under this id, is known already, or is refused for lack
     * of room.
     */
    async reserve(
      { source, fingerprint, id }: EventRef,
      bytes: number,
      memoryMs: number,
      limits?: Limits,
    ): Promise<{ verdict: PushVerdict; id: string }> {
      const most = [isFull() ? 0 : maxWaiting, maxWaitingBytes];
      const args = [source, fingerprint, id, memoryMs, bytes, ...most, limits ? limitsText(limits) : "", mostHeld];
      const reserve = limits ? pushUnderLimits : push;
      const [verdict, known] = Reservation.parse(await reserve(keysOf(source).scope, ...args));
      return { verdict, id: known };
    },

    /** Adds the job of an event whose handler has limits, unless the job exists. */
    async addLimited(
      { source, id }: Pick<EventRef, "source" | "id">,
      { limits, key = "" }: Limited,
      job: { readonly name: string; readonly data: string; readonly options: JsonObject },
    ): Promise<void> {
      const { name, data, options } = job;
      await pushLimited(
        keysOf(source).scope,
        limitsText(limits),
        key,
        id,
        name,
        data,
        JSON.stringify(options),
        Date.now(),
      );
    },

    /** Records that the event has become a job. */
    async added({ source, fingerprint, id }: EventRef): Promise<void> {
      await pushed(keysOf(source).scope, source, fingerprint, id);
    },
  };
}
