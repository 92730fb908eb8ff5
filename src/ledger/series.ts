/** Counts of the last minutes, hours and days over all replicas, in steps that expire by themselves. */
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";
import { redisTime } from "./redis-time.ts";
import { loadScript } from "./scripts.ts";

const MINUTE_MS = 60_000;
const STEPS = 60;

/** How long a step of each is: each has 60. */
export const SERIES = { "15m": MINUTE_MS / 4, "3h": 3 * MINUTE_MS, "2d": 48 * MINUTE_MS } as const;

export type SeriesName = keyof typeof SERIES;

export type Step = { readonly at: string; readonly counts: Readonly<Record<string, number>> };

const Counts = z.record(z.string(), z.coerce.number());

export function createSeries(redis: Redis, { shared }: Keys) {
  const add = loadScript(redis, "shared", "series");

  return {
    /** Once per interval and process. */
    async add(counts: ReadonlyMap<string, number>): Promise<void> {
      if (counts.size === 0) return;
      const steps = Object.values(SERIES);
      const kept = steps.flatMap((stepMs) => [stepMs, stepMs * (STEPS + 1)]);
      await add(shared.scope, steps.length, ...kept, ...[...counts].flat());
    },

    /** The oldest step first. The last one is not over. */
    async read(name: SeriesName): Promise<readonly Step[]> {
      const stepMs = SERIES[name];
      const last = Math.floor((await redisTime(redis)) / stepMs);
      const slots = Array.from({ length: STEPS }, (_, index) => last - STEPS + 1 + index);
      const found = await Promise.all(slots.map((slot) => redis.hgetall(shared.series(`${stepMs}:${slot}`))));
      return slots.map((slot, index) => ({
        at: new Date(slot * stepMs).toISOString(),
        counts: Counts.parse(found[index]),
      }));
    },
  };
}
