/** Finds out what REDIS_URL leads to: one Redis, a primary with replicas, or a set with sentinels. */
import type { Redis } from "ioredis";
import type { Finding } from "../core/finding.ts";
import { parseInfo } from "./redis-check.ts";
import { askSentinels, type Sentinel } from "./sentinels.ts";

/** As REDIS_URL has it. */
export function placeOf({ options: { host, port, sentinels, name } }: Redis): string {
  if (!sentinels) return `${host}:${port}`;
  return `${name} of the sentinels ${sentinels.map((one) => `${one.host}:${one.port}`).join(", ")}`;
}

/** Where a connection leads just now. */
export function addressOf(redis: Redis): string {
  if (!redis.options.sentinels) return placeOf(redis);
  const { remoteAddress, remotePort } = redis.stream;
  return `${redis.options.name} at ${remoteAddress}:${remotePort}`;
}

export async function checkTopology(redis: Redis): Promise<readonly Finding[]> {
  const [replicas, sentinels] = await Promise.all([checkReplicas(redis), askSentinels(redis)]);
  return [...replicas, ...checkSentinels(sentinels)];
}

async function checkReplicas(redis: Redis): Promise<readonly Finding[]> {
  const info = parseInfo(await redis.info("replication").catch(() => ""));
  const replicas = [...info].flatMap(([name, value]) => (/^slave\d+$/.test(name) ? [fieldsOf(value)] : []));
  if (info.get("role") !== "master" || replicas.length === 0) return [];
  const written = Number(info.get("master_repl_offset"));
  const named = replicas.map((fields) => {
    const behind = Math.max(0, written - Number(fields.get("offset")));
    return `${fields.get("ip")}:${fields.get("port")} (${fields.get("state")}, ${behind} bytes behind)`;
  });
  const fact = `${replicas.length === 1 ? "a replica follows" : `${replicas.length} replicas follow`} it: ${named.join(", ")}`;
  return [{ level: "ok", fact }, ...(await checkCutOff(redis))];
}

async function checkCutOff(redis: Redis): Promise<readonly Finding[]> {
  const reply = await redis.config("GET", "min-replicas-to-write").catch(() => undefined);
  if (!Array.isArray(reply) || reply[1] !== "0") return [];
  return [
    {
      level: "warn",
      fact: "a primary that is cut off from its replicas goes on taking writes, which a failover then loses",
      fix: "set min-replicas-to-write 1 and min-replicas-max-lag 10",
    },
  ];
}

function checkSentinels(sentinels: readonly Sentinel[]): readonly Finding[] {
  if (sentinels.length === 0) return [];
  const answering = sentinels.flatMap((one) => ("quorum" in one ? [one] : []));
  const places = new Set(answering.map(({ primary }) => primary ?? "nowhere"));
  const findings: Finding[] = sentinels.flatMap((one) =>
    "trouble" in one
      ? [{ level: "warn", fact: `the sentinel ${one.address} does not answer: ${one.trouble}`, fix: "bring it back" }]
      : [],
  );
  if (places.size > 1) {
    const said = answering.map(({ address, primary }) => `${address} says ${primary ?? "nowhere"}`).join(", ");
    findings.push({
      level: "warn",
      fact: `the sentinels do not agree where the primary is: ${said}`,
      fix: "wait for a failover to end; else look at the one that differs",
    });
  }
  const helpless = answering.find(({ quorum }) => !quorum.startsWith("OK"));
  if (helpless) {
    findings.push({
      level: "error",
      fact: `no failover can happen now, says the sentinel ${helpless.address}: ${helpless.quorum}`,
      fix: "bring the missing sentinels back",
    });
  }
  if (findings.length > 0) return findings;
  const fact = `${sentinels.length} of ${sentinels.length} sentinels answer, and agree on the primary and on a failover`;
  return [{ level: "ok", fact }];
}

/** `ip=10.0.0.2,port=6379,state=online` */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(",").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
