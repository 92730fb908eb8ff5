import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "../ledger/keys.ts";
import { tryToWrite } from "../ledger/probe.ts";
import { loadScript } from "../ledger/scripts.ts";

/** How many jobs of one shard could start now. Rejects if Redis accepts no writes, since then none can start. */
export function createStartable(redis: Redis, keys: Keys): () => Promise<number> {
  const startable = loadScript(redis, "source", "startable");
  const { scope } = keys.keysOf("");

  return async () => {
    const [count] = await Promise.all([startable(scope, Date.now()), tryToWrite(redis, keys)]);
    return z.number().parse(count);
  };
}
