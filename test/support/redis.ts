import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { inject } from "vitest";
import { atEnd } from "./at-end.ts";
import { createKeys } from "../../src/ledger/keys.ts";
import { startTestServer } from "./test-server.ts";

/** The Redis that all tests of a lane share. Use only `keys`: no other test uses their `prefix`. */
export function sharedRedis() {
  const shared = inject("redis");
  if ("trouble" in shared) throw new Error(shared.trouble);
  return { url: shared.url, ...uniqueKeys() };
}

/** The shared Redis with a connection that closes after the test. Call it in a test or in a hook. */
export function setupRedis() {
  const shared = sharedRedis();
  return { ...shared, redis: connect(shared.url) };
}

/**
 * A durable Redis for one test, which may stop, kill and empty it. It is removed after the test. Killing and starting
 * takes about 50 ms, a clean stop about 100 ms.
 */
export async function startOwnRedis() {
  const server = await startTestServer({ durable: true });
  atEnd(() => server.close());
  const { url, folder, stop, kill9, start, freeze, resume } = server;
  return {
    url,
    folder,
    stop,
    kill9,
    start,
    freeze,
    resume,
    /** Deletes all data, like an operator's mistake. */
    async flush() {
      const redis = new Redis(url);
      await redis.flushall();
      redis.disconnect();
    },
    ...uniqueKeys(),
  };
}

/** All keys under this prefix. */
export async function keysUnder(redis: Redis, prefix: string): Promise<readonly string[]> {
  return await redis.keys(`${createKeys(prefix).queue.prefix}:*`);
}

function uniqueKeys() {
  const prefix = `test-${randomUUID().slice(0, 8)}`;
  return { prefix, keys: createKeys(prefix) };
}

function connect(url: string): Redis {
  const redis = new Redis(url, { lazyConnect: true });
  atEnd(() => redis.disconnect());
  return redis;
}

/** In bytes. */
export async function usedMemory(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
}
