import type { Redis } from "ioredis";

/** Locks are compared in steps this long, since they run out while a test looks. */
const STEP_MS = 10_000;

/** All data under a prefix, by the rest of the key, with the time that is left to it. */
export async function queueData(redis: Redis, prefix: string): Promise<Record<string, unknown>> {
  const found = (await redis.keys(`${prefix}*`)).toSorted();
  const values = await Promise.all(found.map(async (each) => [await valueOf(redis, each), await leftTo(redis, each)]));
  return Object.fromEntries(found.map((each, index) => [each.slice(prefix.length), values[index]]));
}

/** The same without BullMQ's event stream and the setting for its length. */
export async function queueDataWithoutEvents(redis: Redis, prefix: string): Promise<Record<string, unknown>> {
  await redis.hdel(`${prefix}meta`, "opts.maxLenEvents");
  const { events: _, ...others } = await queueData(redis, prefix);
  return others;
}

async function leftTo(redis: Redis, key: string): Promise<number> {
  const ms = await redis.pttl(key);
  return ms < 0 ? ms : Math.ceil(ms / STEP_MS) * STEP_MS;
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  if (type === "string") return await redis.get(key);
  if (type === "list") return await redis.lrange(key, 0, -1);
  if (type === "hash") return await redis.hgetall(key);
  if (type === "zset") return await redis.zrange(key, 0, "-1", "WITHSCORES");
  if (type === "set") return (await redis.smembers(key)).toSorted();
  // The ids of entries are times, so only the fields are compared.
  if (type === "stream") return (await redis.xrange(key, "-", "+")).map(([, fields]) => fields);
  throw new Error(`${key} is a ${type}`);
}
