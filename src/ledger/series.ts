/** Counts of the last minutes, hours and days over all replicas, in steps that expire by themselves. */
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "./keys.ts";
import { redisTime } from "./redis-time.ts";
import { loadScript } from "./scripts.ts";

const MINUTE_MS = 60_000;
const STEPS = 60;
/** The most fields of one step, over all processes. */
const MAX_FIELDS = 2_000;
const LAST_KEPT_MS = 15 * 24 * 60 * MINUTE_MS;

/** How long a step of each is: each has 60. */
export const SERIES = { "15m": MINUTE_MS / 4, "3h": 3 * MINUTE_MS, "2d": 48 * MINUTE_MS } as const;

export type SeriesName = keyof typeof SERIES;

export type Step = { readonly at: string; readonly counts: Readonly<Record<string, number>> };

/** `lastInMs`: how long ago the last event came in, by its door. */
export type Counted = {
  readonly counts: ReadonlyMap<string, number>;
  readonly lastInMs: ReadonlyMap<string, number>;
};

const Counts = z.record(z.string(), z.coerce.number());

export function createSeries(redis: Redis, { shared }: Keys) {
  const add = loadScript(redis, "shared", "series");

  return {
    /** Called once per interval by each process. */
    async add({ counts, lastInMs }: Counted): Promise<void> {
      if (counts.size === 0) return;
      const steps = Object.values(SERIES);
      const kept = steps.flatMap((stepMs) => [stepMs, stepMs * (STEPS + 1)]);
      const last = [...lastInMs].flatMap(([name, ms]) => [name, Math.round(ms)]);
      await add(
        shared.scope,
        MAX_FIELDS,
        steps.length,
        ...kept,
        LAST_KEPT_MS,
        lastInMs.size,
        ...last,
        ...[...counts].flat(),
      );
    },

    /** The oldest step comes first. The last one is still running. */
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

    /** When the last event came in, by its door. */
    async lastIn(): Promise<ReadonlyMap<string, string>> {
      const found = Counts.parse(await redis.hgetall(shared.series("last")));
      return new Map(Object.entries(found).map(([name, ms]) => [name, new Date(ms).toISOString()]));
    },
  };
}
