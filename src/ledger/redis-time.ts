import type { Redis } from "ioredis";

/** The clock that all processes share, in ms: no process's own is compared with another's. */
export async function redisTime(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1_000 + Number(micros) / 1_000;
}
