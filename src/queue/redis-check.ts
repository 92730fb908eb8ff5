import type { Redis } from "ioredis";
import type { Finding } from "../core/finding.ts";
import { clusterOf } from "./cluster-connector.ts";

/**
 * Checks the settings of Redis that the promises depend on. A managed Redis may hide them: then nothing is reported.
 */
export async function checkRedis(redis: Redis): Promise<readonly Finding[]> {
  const info = parseInfo(await redis.info().catch(() => ""));
  const settings = await configOf(redis, ["maxmemory-policy", "appendonly", "appendfsync"]);
  const policy = settings.get("maxmemory-policy") ?? info.get("maxmemory_policy");
  const findings: Finding[] = [];
  if (policy && policy !== "noeviction") {
    findings.push({
      level: "error",
      fact: `Redis may evict keys (maxmemory-policy ${policy}): events taken in would vanish silently`,
      fix: "set maxmemory-policy noeviction",
      code: "redis-evicts",
    });
  }
  if (settings.get("appendonly") === "no") {
    findings.push({
      level: "warn",
      fact: "Redis keeps no append-only file: a restart forgets which events are pending, parked or handled",
      fix: "set appendonly yes and appendfsync always",
    });
  } else if (settings.get("appendfsync") && settings.get("appendfsync") !== "always") {
    findings.push({
      level: "warn",
      fact: `Redis writes to disk by "appendfsync ${settings.get("appendfsync")}": a crash may forget the last second`,
      fix: "set appendfsync always",
    });
  }
  if (info.get("cluster_enabled") === "1" && !clusterOf(redis)) {
    findings.push({
      level: "warn",
      fact: "this Redis is a node of a cluster: after a failover, or when our slot moves, it serves us no more",
      fix: "let REDIS_URL begin with redis+cluster://, which finds the node that does",
    });
  }
  const version = info.get("redis_version");
  if (version && Number.parseFloat(version) < 6.2) {
    findings.push({
      level: "error",
      fact: `Redis ${version} is too old`,
      fix: "use Redis 7.2 or newer, or Valkey",
      code: "redis-too-old",
    });
  }
  if (findings.length === 0) findings.push({ level: "ok", fact: `Redis ${version ?? ""} is set up as it must be` });
  return findings;
}

export type Info = ReadonlyMap<string, string>;

/** The settings that Redis reveals. */
export async function configOf(redis: Redis, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const settings = new Map<string, string>();
  for (const name of names) {
    const reply = await redis.config("GET", name).catch(() => undefined);
    if (Array.isArray(reply) && typeof reply[1] === "string") settings.set(name, reply[1]);
  }
  return settings;
}

export function versionIn(info: Info): string {
  return info.get("valkey_version") ?? info.get("redis_version") ?? "unknown";
}

/** Parses the answer to INFO. */
export function parseInfo(info: string): Info {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const [name, value] = line.split(":", 2);
      return name && value !== undefined ? [[name, value] as const] : [];
    }),
  );
}
