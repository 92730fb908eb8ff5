import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";
import { redisTime } from "./redis-time.ts";
import { loadScript } from "./scripts.ts";

export type HistoryBounds = {
  /** The most events in the history of a shard. 0 switches it off. */
  readonly events: number;
  readonly days: number;
};

const DAY_MS = 86_400_000;
/** A bound, since Redis serves nobody else while it drops chunks. */
const DROPPED_AT_ONCE = 64;

/** Drops the part of the history that exceeds its bounds. */
export function createTrimHistory(redis: Redis, { shards }: Keys, { events, days }: HistoryBounds) {
  const trim = loadScript(redis, "source", "trim-past");

  return async (): Promise<void> => {
    const since = (await redisTime(redis)) - days * DAY_MS;
    for (const { scope } of shards.map((shard) => shard.keysOf("")))
      while (z.number().parse(await trim(scope, events, since, DROPPED_AT_ONCE)) === DROPPED_AT_ONCE);
  };
}
