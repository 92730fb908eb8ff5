import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { z } from "zod";
import { startLocalRedis } from "../../src/redis/local-redis.ts";
import { Part } from "./part.ts";
import { noteCost } from "./run-costs.ts";

export type RedisCost = {
  readonly cpuSeconds: number;
  readonly usedBytes: number;
  readonly keys: number;
  /** The number of calls of each command, by clients and by scripts. */
  readonly commands: Readonly<Record<string, number>>;
};

export type World = {
  readonly redisUrl: string;
  /** Used only to look. The parts have their own connections. */
  readonly redis: Redis;
  /** Starts the module of `parts/` with this name in its own process. */
  readonly part: (name: string, options?: { readonly profileFolder?: string | undefined }) => Part;
  /** `end` runs when the measurement ends, even if it fails. */
  readonly ending: (end: () => Promise<void>) => void;
  /** The cost of Redis since its start, and its present contents. */
  readonly redisCost: () => Promise<RedisCost>;
};

const CACHE_FOLDER = join(import.meta.dirname, "../../.cache");
const SILENT = { info: () => {}, warn: () => {}, error: (_: unknown, text?: string) => console.error(text) };

/**
 * One measurement with its own durable Redis and fresh processes. All of them end when it is done, when one fails, or
 * when `signal` aborts.
 */
export async function inNewWorld<T>(measure: (world: World) => Promise<T>, signal: AbortSignal): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-bench-"));
  const ends: (() => Promise<void>)[] = [];
  const parts: Part[] = [];
  const lost = new AbortController();
  const alive = AbortSignal.any([signal, lost.signal]);
  try {
    const server = await startLocalRedis({ folder, cacheFolder: CACHE_FOLDER, log: SILENT }, signal);
    const redis = new Redis(server.url);
    try {
      const result = await measure({
        redisUrl: server.url,
        redis,
        part: (name, options = {}) => {
          const part = new Part(
            new URL(`../parts/${name}.ts`, import.meta.url),
            { ...options, onLost: (err) => lost.abort(err) },
            alive,
          );
          parts.push(part);
          ends.push(() => part.end());
          return part;
        },
        ending: (end) => void ends.push(end),
        redisCost: () => redisCostOf(redis),
      });
      await noteCost(parts, () => redisCostOf(redis));
      return result;
    } finally {
      await Promise.all(ends.map((end) => end()));
      redis.disconnect();
      await server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const Info = z.object({
  used_cpu_sys: z.coerce.number(),
  used_cpu_user: z.coerce.number(),
  used_memory: z.coerce.number(),
});

export async function redisCostOf(redis: Redis): Promise<RedisCost> {
  const lines = (await redis.info()).split(/\r?\n/).map((line) => line.split(":", 2));
  const stats = await redis.info("commandstats");
  const info = Info.parse(Object.fromEntries(lines));
  return {
    cpuSeconds: info.used_cpu_sys + info.used_cpu_user,
    usedBytes: info.used_memory,
    keys: await redis.dbsize(),
    commands: Object.fromEntries(
      [...stats.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)].map(([, name = "", calls]) => [name, Number(calls)]),
    ),
  };
}
