/** The replicas of our primary: how far behind they are, and whether a promoted one would keep its data. */
import type { Redis } from "ioredis";
import type { Finding } from "../core/finding.ts";
import { clusterOf } from "./cluster-connector.ts";
import { parseInfo } from "./redis-check.ts";
import { ALL_NODES, askReplicas } from "./replica-nodes.ts";

export async function checkReplicas(redis: Redis): Promise<readonly Finding[]> {
  const info = parseInfo(await redis.info("replication").catch(() => ""));
  if (info.get("role") !== "master") return [];
  const replicas = await askReplicas(redis, info);
  if (replicas.length === 0) return hasFailover(redis) ? [NO_REPLICA] : [];
  const named = replicas.map(({ name, state, bytesBehind, setUp }) => {
    const own = setUp ? [`appendfsync ${setUp.fsync}`, `version ${setUp.version}`] : ["not to be reached from here"];
    return `${name} (${[state, `${bytesBehind} bytes behind`, ...own].join(", ")})`;
  });
  const fact = `${replicas.length === 1 ? "a replica follows" : `${replicas.length} replicas follow`} it: ${named.join(", ")}`;
  const lax = replicas.flatMap(({ name, setUp }) =>
    setUp && setUp.fsync !== "always" ? [laxReplica(name, setUp.fsync)] : [],
  );
  return [{ level: "ok", fact }, ...lax, ...(await checkCutOff(redis))];
}

const NO_REPLICA: Finding = {
  level: "warn",
  fact: "no replica follows our primary: when it fails nothing takes its place",
  fix: "add a replica",
};

function hasFailover(redis: Redis): boolean {
  return Boolean(redis.options.sentinels) || clusterOf(redis) !== undefined;
}

function laxReplica(name: string, fsync: string): Finding {
  return {
    level: "warn",
    fact: `the replica ${name} writes to disk by "appendfsync ${fsync}": once it is promoted, a crash may forget the last second`,
    fix: ALL_NODES,
  };
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
