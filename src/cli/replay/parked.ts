/** Reads the parked events in Redis. Writes nothing. */
import type { Redis } from "ioredis";
import { pino } from "pino";
import { z } from "zod";
import { ConfigError } from "../../config/config-error.ts";
import { type CallbackEvent, isObject, type JsonObject } from "../../core/event.ts";
import { createKeys } from "../../ledger/keys.ts";
import { connect } from "../../queue/connection.ts";
import { reach } from "../../queue/reach.ts";
import type { RedisPlace } from "../../settings/redis-url.ts";
import type { ReplayOptions } from "./options.ts";
import { isMeant, type Selection } from "./select.ts";

const REACH_MS = 10_000;

const Data = z.object({
  vendor: z.string(),
  source: z.string(),
  door: z.enum(["pull", "push"]),
  type: z.string(),
  receivedAt: z.string(),
  fingerprint: z.string(),
  traceparent: z.string().exactOptional(),
  body: z.custom<JsonObject>(isObject),
});

/** The events that are parked now, the longest parked first. `--from` and `--to` select by their arrival. */
export async function selectParked(
  place: Omit<RedisPlace, "url"> & { readonly url: string | undefined },
  options: ReplayOptions,
): Promise<Selection> {
  const { url } = place;
  if (url === undefined)
    throw new ConfigError(["REDIS_URL: is not set; --parked reads the Redis that the worker uses, name it"]);
  const log = pino({ level: "silent" });
  const redis = connect({ place: { ...place, url }, name: "reliable-callback-replay", log, use: "look" });
  try {
    await reach(redis, REACH_MS);
    const found = (await readParked(redis, place.prefix)).filter((event) => isMeant(event, event.receivedAt, options));
    const events = found.slice(0, options.limit);
    return {
      count: events.length,
      notes: [],
      async *events() {
        yield* events;
      },
    };
  } finally {
    redis.disconnect();
  }
}

async function readParked(redis: Redis, prefix: string): Promise<readonly CallbackEvent[]> {
  const { queue, job } = createKeys(prefix).keysOf("");
  const ids = z.array(z.string()).parse(await redis.zrange(queue("failed"), 0, "-1"));
  const events: CallbackEvent[] = [];
  for (const id of ids) {
    const parsed = Data.safeParse(JSON.parse((await redis.hget(job(id), "data")) ?? "null"));
    if (parsed.success) events.push({ id, ...parsed.data });
  }
  return events;
}
