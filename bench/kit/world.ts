import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { z } from "zod";
import { startLocalRedis } from "../../src/redis/local-redis.ts";
import { Part } from "./part.ts";

export type RedisCost = {
  readonly cpuSeconds: number;
  readonly usedBytes: number;
  readonly keys: number;
  /** How often each was called, by a client or inside a script. */
  readonly commands: Readonly<Record<string, number>>;
};

export type World = {
  readonly redisUrl: string;
  /** For looking on; the parts have connections of their own. */
  readonly redis: Redis;
  /** Starts the module of `parts/` with this name in a process of its own. */
  readonly part: (name: string, options?: { readonly profileFolder?: string | undefined }) => Part;
  /** Has this done when the measurement ends, however it ends. */
  readonly ending: (end: () => Promise<void>) => void;
  /** What Redis has spent since its start, and what it holds. */
  readonly redisCost: () => Promise<RedisCost>;
};

const CACHE_FOLDER = join(import.meta.dirname, "../../.cache");
const SILENT = { info: () => {}, warn: () => {}, error: (_: unknown, text?: string) => console.error(text) };

/** One measurement: a durable Redis of its own and fresh processes, all gone when it is through, one of them fails, or `signal` aborts. */
export async function inNewWorld<T>(measure: (world: World) => Promise<T>, signal: AbortSignal): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-bench-"));
  const ends: (() => Promise<void>)[] = [];
  const lost = new AbortController();
  const alive = AbortSignal.any([signal, lost.signal]);
  try {
    const server = await startLocalRedis({ folder, cacheFolder: CACHE_FOLDER, log: SILENT }, signal);
    const redis = new Redis(server.url);
    try {
      return await measure({
        redisUrl: server.url,
        redis,
        part: (name, options = {}) => {
          const part = new Part(
            new URL(`../parts/${name}.ts`, import.meta.url),
            { ...options, onLost: (err) => lost.abort(err) },
            alive,
          );
          ends.push(() => part.end());
          return part;
        },
        ending: (end) => void ends.push(end),
        redisCost: () => redisCost(redis),
      });
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

async function redisCost(redis: Redis): Promise<RedisCost> {
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
