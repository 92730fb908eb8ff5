import type { Redis } from "ioredis";
import { z } from "zod";

/** The bytes of each key. What clients and scripts use comes on top. */
export async function keyBytes(redis: Redis): Promise<ReadonlyMap<string, number>> {
  const bytes = new Map<string, number>();
  for (const key of await redis.keys("*")) {
    const usage = z
      .number()
      .nullable()
      .parse(await redis.call("MEMORY", "USAGE", key, "SAMPLES", "0"));
    // The key may have expired.
    if (usage !== null) bytes.set(key, usage);
  }
  return bytes;
}
