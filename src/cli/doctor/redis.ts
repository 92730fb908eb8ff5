import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { CACHE_FOLDER, type Config } from "../../config/config.ts";
import { commandLine } from "../../core/command-line.ts";
import { type Finding, isError } from "../../core/finding.ts";
import { layoutProblem } from "../../ledger/layout.ts";
import { redisTime } from "../../ledger/redis-time.ts";
import { reach } from "../../queue/reach.ts";
import { addressOf, checkTopology } from "../../queue/redis-topology.ts";
import { checkRedis } from "../../queue/redis-check.ts";
import { checkRedisState } from "../../queue/redis-state.ts";
import { checkShards } from "../../queue/shard-check.ts";
import { findShards, onlyShard, type Shard } from "../../queue/shards.ts";
import { checkWaiting } from "../../queue/waiting-check.ts";
import { tryLock } from "../../redis/file-lock.ts";
import type { RedisPlace } from "../../settings/redis-url.ts";
import { findServer } from "../../redis/find-server.ts";
import { createLooks } from "../looks.ts";
import { type Check, problem, warning } from "./check.ts";
import { folderFindings } from "./folder.ts";

const GROUP = "Redis";
/** Shorter than a check may take, so that the client's own error message arrives. */
const REACH_MS = 4_000;
/** An event costs a few round trips. If one takes longer than this, round trips limit the worker. */
const SLOW_MS = 25;
const LOOKS = 5;

export function redisChecks({ redis }: Config): readonly Check[] {
  const { url, sentinelPassword, folder, server, prefix, waitReplicas } = redis;
  if (url !== undefined) {
    const place = { url, prefix, sentinelPassword };
    return [{ group: GROUP, about: "REDIS_URL", run: () => sharedRedis(place, waitReplicas) }];
  }
  return [
    { group: GROUP, about: "a private Redis", run: () => privateServer(server) },
    { group: GROUP, about: folder, run: () => privateFolder(folder) },
  ];
}

async function sharedRedis(place: RedisPlace, waitReplicas: number): Promise<readonly Finding[]> {
  const { open, close } = createLooks("doctor");
  try {
    const home = { redis: open(place), place };
    await reach(home.redis, REACH_MS);
    // A node of a cluster may refuse reads. The check of the state reports why.
    const { all, keys } = await findShards(home, open).catch(() => onlyShard(home));
    await Promise.all(all.slice(1).map(({ redis }) => reach(redis, REACH_MS)));
    const found = (await Promise.all(all.map((shard) => lookAt(shard, waitReplicas)))).flat();
    return [...new Map([...found, ...checkShards(all, keys)].map((finding) => [finding.fact, finding])).values()];
  } finally {
    close();
  }
}

async function lookAt({ redis, keys }: Shard, waitReplicas: number): Promise<readonly Finding[]> {
  const layout = await layoutProblem(redis, keys).catch(() => undefined);
  const findings = layout === undefined ? [] : [problem(layout)];
  const setUp = [...(await checkRedis(redis)), ...(await checkTopology(redis))];
  const state = await checkRedisState(redis, keys);
  // This check needs a write, which the state may prevent.
  const waiting = state.some(isError) ? [] : await checkWaiting(redis, waitReplicas);
  return [await paceOf(redis), ...findings, ...setUp, ...state, ...waiting];
}

/**
 * The difference of the clocks helps people who read both logs. No code compares the clocks. PING is not used here: a
 * Redis that cannot write to its disk refuses it.
 */
async function paceOf(redis: Redis): Promise<Finding> {
  const times: number[] = [];
  let aheadS = 0;
  for (let look = 0; look < LOOKS; look += 1) {
    const start = performance.now();
    aheadS = ((await redisTime(redis)) - Date.now()) / 1000;
    times.push(performance.now() - start);
  }
  const ms = times.toSorted((a, b) => a - b)[Math.floor(LOOKS / 2)] ?? 0;
  const clock = `its clock is ${Math.abs(aheadS).toFixed(1)} s ${aheadS < 0 ? "behind" : "ahead of"} this machine's`;
  const fact = `${addressOf(redis)} answers in ${ms.toFixed(1)} ms, ${clock}`;
  return ms < SLOW_MS ? { level: "ok", fact } : { level: "warn", fact, fix: "use a Redis near the worker" };
}

/** Starts no Redis and fetches none. Only `start` does that. */
async function privateServer(server: Config["redis"]["server"]): Promise<readonly Finding[]> {
  const notes: string[] = [];
  const log = { info: () => {}, warn: (...said: unknown[]) => void notes.push(said.map(noteOf).join(": ")) };
  const options = { server: "path", cacheFolder: CACHE_FOLDER, log } as const;
  const installed = server === "fetch" ? undefined : await findServer(options).catch(() => undefined);
  const found = installed?.path ?? FETCHED.find((path) => existsSync(path));
  const unused = notes.map(warning);
  if (found !== undefined) return [...unused, { level: "ok", fact: `no REDIS_URL: a private one runs from ${found}` }];
  if (existsSync("/usr/bin/apt-get")) {
    const fact = `no REDIS_URL and no redis-server: ${commandLine("start")} fetches one from the distribution's packages`;
    return [...unused, { level: "warn", fact, fix: "set REDIS_URL or install redis-server, unless that is fine" }];
  }
  const fact = "no REDIS_URL, no redis-server, and no apt-get to fetch one with";
  return [
    ...unused,
    { level: "error", fact, fix: "install redis-server (on macOS: brew install redis), or set REDIS_URL" },
  ];
}

const FETCHED = ["redis-server", "valkey-server"].map((name) => join(CACHE_FOLDER, "redis-server/usr/bin", name));

function noteOf(said: unknown): string {
  return typeof said === "object" && said !== null && "path" in said ? String(said.path) : String(said);
}

/** Holds the lock for a moment only. A worker that starts meanwhile waits longer than that. */
async function privateFolder(folder: string): Promise<readonly Finding[]> {
  const findings = await folderFindings(folder, "private Redis's data");
  const file = join(folder, "lock");
  if (findings.some(({ level }) => level === "error") || !existsSync(file)) return findings;
  const lock = tryLock(file);
  lock?.release();
  if (lock) return findings;
  const owner = await readFile(join(folder, "owner.pid"), "utf8").catch(() => "unknown");
  return [...findings, { level: "ok", fact: `${folder} is in use by a running worker, process ${owner.trim()}` }];
}
