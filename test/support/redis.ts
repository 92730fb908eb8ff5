import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { inject } from "vitest";
import { atEnd } from "./at-end.ts";
import { createKeys } from "../../src/ledger/keys.ts";
import { startTestServer } from "./test-server.ts";

/** The Redis that all tests of a lane share: keep to `keys`, those under `prefix`, which no other test has. */
export function sharedRedis() {
  const shared = inject("redis");
  if ("trouble" in shared) throw new Error(shared.trouble);
  return { url: shared.url, ...uniqueKeys() };
}

/** The same with a connection, which is closed after the test: call it in one, or in a hook of one. */
export function setupRedis() {
  const shared = sharedRedis();
  return { ...shared, redis: connect(shared.url) };
}

/**
 * A durable Redis of a test's own, to be stopped, killed and emptied. It is gone after the test. Killing and starting
 * take about 50 ms, stopping in order 100.
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
    /** Forgets everything, the way an operator's mistake does. */
    async flush() {
      const redis = new Redis(url);
      await redis.flushall();
      redis.disconnect();
    },
    ...uniqueKeys(),
  };
}

/** Whatever is there under this prefix. */
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
