/**
 * How many pushed events may wait in Redis. Pulled events beyond `MAX_WAITING` stay at their vendor. Pushed ones exist
 * only here, so they have a separate bound. Otherwise they would fill Redis and keep pulled events out too.
 *
 * One hash, shared by all replicas, holds for each event its bytes, when it was counted, and its source. Its field
 * `bytes` holds the sum, and `held` the number of events that a limit holds. `push` counts an event when it reserves
 * it, and `mark` forgets it. Each does so in one script, so the list and the sum always agree. A parked event counts
 * while it is parked. A sweep finds events left over by a crash, or by a job that was removed by hand.
 */
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

export type PushLimits = {
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  /** How many events may wait for the limits of one handler. */
  readonly mostHeld?: number;
  /** Whether Redis has no room for more. */
  readonly isFull?: () => boolean;
};

export type WaitingPushes = { readonly waiting: number; readonly waitingBytes: number };

/** Longer than any vendor waits for the answer to a call. The job is added within that time. */
const ADDED_WITHIN_MS = 60_000;

/** Of these sources. */
export function createWaitingPushes(redis: Redis, { keysOf }: Keys, sources: readonly string[]) {
  const sweep = loadScript(redis, "source", "sweep-pushes");
  const scopes = new Map(sources.map(keysOf).map(({ waitingPushes, scope }) => [waitingPushes, scope]));

  return {
    async count(): Promise<WaitingPushes> {
      const counts = await Promise.all(
        [...scopes.keys()].map(async (key) => await Promise.all([redis.hlen(key), redis.hmget(key, "bytes", "held")])),
      );
      return {
        waiting: counts.reduce((sum, [fields, sums]) => sum + fields - sums.filter((one) => one !== null).length, 0),
        waitingBytes: counts.reduce((sum, [, [bytes]]) => sum + Number(bytes ?? 0), 0),
      };
    },

    /** Forgets events that no longer wait. */
    async sweep(addedWithinMs = ADDED_WITHIN_MS): Promise<void> {
      for (const scope of scopes.values()) {
        let cursor = "0";
        do cursor = z.string().parse(await sweep(scope, cursor, addedWithinMs));
        while (cursor !== "0");
      }
    },
  };
}
