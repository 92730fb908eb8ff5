/** Checks the current state of Redis: whether it stores writes, and what may soon prevent that. */
import { randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import type { Finding } from "../core/finding.ts";
import { messageOf } from "../core/failure.ts";
import { inMib } from "../core/in-mib.ts";
import { redisTrouble, redisTroubleOf, type RedisTroubleCode } from "../core/redis-trouble.ts";
import type { Keys } from "../ledger/keys.ts";
import { type Info, parseInfo } from "./redis-check.ts";

const ALMOST_FULL = 0.8;
const KEY_HOLDS_MS = 10_000;

export async function checkRedisState(redis: Redis, keys: Keys): Promise<readonly Finding[]> {
  const info = parseInfo(await redis.info().catch(() => ""));
  const seen = [
    ...roleFindings(info),
    ...memoryFindings(info),
    ...persistenceFindings(info),
    ...(info.get("cluster_enabled") === "1" ? clusterFindings(await clusterInfo(redis)) : []),
  ];
  const written = await tryToWrite(redis, keys);
  // A finding that explains the refusal is more useful than the refusal itself.
  return [...seen, ...(seen.some(({ code }) => code !== undefined && code === written.code) ? [] : [written])];
}

function roleFindings(info: Info): readonly Finding[] {
  if (info.get("role") !== "slave") return [];
  return [trouble("redis-read-only", `its primary is ${info.get("master_host")}:${info.get("master_port")}`)];
}

function memoryFindings(info: Info): readonly Finding[] {
  const used = Number(info.get("used_memory"));
  const most = Number(info.get("maxmemory"));
  if (!(most > 0)) return [];
  const fact = `${inMib(used)} of ${inMib(most)} are used`;
  if (used >= most) return [trouble("redis-full", fact)];
  if (used < most * ALMOST_FULL) return [];
  return [{ level: "warn", fact: `Redis is almost full: ${fact}`, fix: redisTrouble("redis-full").fix }];
}

function persistenceFindings(info: Info): readonly Finding[] {
  const failed = ["aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status"].filter(
    (name) => info.get(name) === "err",
  );
  if (failed.length === 0) return [];
  const { fix } = redisTrouble("redis-cannot-save");
  if (failed.includes("aof_last_write_status")) return [trouble("redis-cannot-save", failed.join(", "))];
  return [{ level: "warn", fact: `Redis failed to write to its disk (${failed.join(", ")})`, fix }];
}

function clusterFindings(cluster: Info): readonly Finding[] {
  if (cluster.get("cluster_state") !== "fail") return [];
  return [trouble("redis-cluster-down", `${cluster.get("cluster_slots_ok")} of 16384 slots are served`)];
}

async function clusterInfo(redis: Redis): Promise<Info> {
  return parseInfo(await redis.cluster("INFO").catch(() => ""));
}

/** Writes a key of its own, which is removed in any case. */
async function tryToWrite(redis: Redis, { shared }: Keys): Promise<Finding> {
  const value = randomUUID();
  const key = `${shared.probe}:${value}`;
  try {
    await redis.set(key, value, "PX", KEY_HOLDS_MS);
    const kept = await redis.get(key);
    await redis.del(key);
    if (kept === value) return { level: "ok", fact: "Redis keeps what it is given: a key was written and read back" };
    return { level: "error", fact: "Redis does not keep what it is given", fix: "look at what stands between" };
  } catch (err) {
    const known = redisTroubleOf(err);
    if (known) return { level: "error", ...known };
    return { level: "error", fact: `nothing could be written to Redis: ${messageOf(err)}`, fix: "look at its log" };
  }
}

function trouble(code: RedisTroubleCode, about: string): Finding {
  const { fact, fix } = redisTrouble(code);
  return { level: "error", code, fact: `${fact}; ${about}`, fix };
}
