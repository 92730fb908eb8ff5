import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";
import { redisTime } from "./redis-time.ts";
import { loadScript } from "./scripts.ts";

export type HistoryBounds = {
  /** The most events in the history. 0 switches it off. */
  readonly events: number;
  readonly days: number;
};

const DAY_MS = 86_400_000;
/** A bound, since Redis serves nobody else while it drops chunks. */
const DROPPED_AT_ONCE = 64;

/** Drops the part of the history that exceeds its bounds. */
export function createTrimHistory(redis: Redis, { keysOf }: Keys, { events, days }: HistoryBounds) {
  const trim = loadScript(redis, "source", "trim-past");
  // All sources share one history.
  const { scope } = keysOf("");

  return async (): Promise<void> => {
    const since = (await redisTime(redis)) - days * DAY_MS;
    while (z.number().parse(await trim(scope, events, since, DROPPED_AT_ONCE)) === DROPPED_AT_ONCE);
  };
}
