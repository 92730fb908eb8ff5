import type { Redis } from "ioredis";

/** The time of Redis in ms, which all processes share. Their own clocks are never compared. */
export async function redisTime(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Number(micros) / 1_000;
}
