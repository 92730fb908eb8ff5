import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";

const KEY_HOLDS_MS = 60_000;

/** Rejects if Redis takes no writes. */
export async function tryToWrite(redis: Redis, { shared }: Keys): Promise<void> {
  await redis.set(shared.probe, "", "PX", KEY_HOLDS_MS);
}
