/** Reads the parked events in Redis. Writes nothing. */
import { z } from "zod";
import { ConfigError } from "../../config/config-error.ts";
import { type CallbackEvent, isObject, type JsonObject } from "../../core/event.ts";
import { reach } from "../../queue/reach.ts";
import { findShards, type Shards } from "../../queue/shards.ts";
import type { RedisPlace } from "../../settings/redis-url.ts";
import { createLooks } from "../looks.ts";
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
  const { open, close } = createLooks("replay");
  try {
    const there = { ...place, url };
    const home = { redis: open(there), place: there };
    await reach(home.redis, REACH_MS);
    const shards = await findShards(home, open);
    const found = (await readParked(shards)).filter((event) => isMeant(event, event.receivedAt, options));
    const events = found.slice(0, options.limit);
    return {
      count: events.length,
      notes: [],
      async *events() {
        yield* events;
      },
    };
  } finally {
    close();
  }
}

async function readParked({ redis, keys }: Shards): Promise<readonly CallbackEvent[]> {
  const found: { readonly event: CallbackEvent; readonly parkedAt: number }[] = [];
  for (const { queue, job } of keys.shards.map((shard) => shard.keysOf(""))) {
    const members = z.array(z.string()).parse(await redis.zrange(queue("failed"), 0, "-1", "WITHSCORES"));
    for (let at = 0; at < members.length; at += 2) {
      const id = members[at] ?? "";
      const parsed = Data.safeParse(JSON.parse((await redis.hget(job(id), "data")) ?? "null"));
      if (parsed.success) found.push({ event: { id, ...parsed.data }, parkedAt: Number(members[at + 1]) });
    }
  }
  return found.toSorted((a, b) => a.parkedAt - b.parkedAt).map(({ event }) => event);
}
