import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "../ledger/keys.ts";
import { loadScript } from "../ledger/scripts.ts";

const KEY_HOLDS_MS = 60_000;

/** Tells how many jobs could start now. Rejects where Redis takes no writes: then none can. */
export function createStartable(redis: Redis, { keysOf, shared }: Keys): () => Promise<number> {
  const startable = loadScript(redis, "source", "startable");
  // All sources share one queue.
  const { scope } = keysOf("");

  return async () => {
    const [count] = await Promise.all([startable(scope, Date.now()), redis.set(shared.probe, "", "PX", KEY_HOLDS_MS)]);
    return z.number().parse(count);
  };
}
