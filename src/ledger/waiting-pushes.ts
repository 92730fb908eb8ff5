/**
 * How much of what was pushed may wait in Redis. Pulled events beyond `MAX_WAITING` stay at their vendor; pushed ones have
 * nowhere else to be, so they have a bound of their own, or they would fill Redis and keep pulled events out as well.
 *
 * One hash, shared by all replicas: for each event its bytes, since when it is counted and its source, and under `bytes` the sum; under
 * `held` how many of them a limit holds. `push`
 * counts an event when it reserves it, `mark` forgets it: one script each, so that list and sum always agree. A parked event
 * counts as long as it is parked. What is left over by a crash, or by a job that was removed by hand, a sweep finds.
 */
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

export type PushLimits = {
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  /** So many may wait for the limits of one handler. */
  readonly mostHeld?: number;
  /** Redis has no room for more. */
  readonly isFull?: () => boolean;
};

export type WaitingPushes = { readonly waiting: number; readonly waitingBytes: number };

/** Longer than any vendor waits for the answer to a call, in which its job is added. */
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

    /** Forgets what does not wait any more. */
    async sweep(addedWithinMs = ADDED_WITHIN_MS): Promise<void> {
      for (const scope of scopes.values()) {
        let cursor = "0";
        do cursor = z.string().parse(await sweep(scope, cursor, addedWithinMs));
        while (cursor !== "0");
      }
    },
  };
}
