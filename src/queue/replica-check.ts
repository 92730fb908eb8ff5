/** The replicas of our primary: how far behind they are, and whether a promoted one would keep its data. */
import type { Redis } from "ioredis";
import type { Finding } from "../core/finding.ts";
import type { Address } from "../settings/redis-url.ts";
import { clusterOf } from "./cluster-connector.ts";
import { openNode } from "./cluster-view.ts";
import { configOf, parseInfo, versionIn } from "./redis-check.ts";

export async function checkReplicas(redis: Redis): Promise<readonly Finding[]> {
  const info = parseInfo(await redis.info("replication").catch(() => ""));
  const replicas = [...info].flatMap(([name, value]) => (/^slave\d+$/.test(name) ? [fieldsOf(value)] : []));
  if (info.get("role") !== "master") return [];
  if (replicas.length === 0) return hasFailover(redis) ? [NO_REPLICA] : [];
  const written = Number(info.get("master_repl_offset"));
  const asked = await Promise.all(
    replicas.map(async (fields) => {
      const behind = Math.max(0, written - Number(fields.get("offset")));
      const at = { host: fields.get("ip") ?? "", port: Number(fields.get("port")) };
      const setUp = await setUpOf(at, redis);
      const own = setUp ? [`appendfsync ${setUp.fsync}`, `version ${setUp.version}`] : ["not to be reached from here"];
      const about = [fields.get("state"), `${behind} bytes behind`, ...own].join(", ");
      return { name: `${at.host}:${at.port}`, about, fsync: setUp?.fsync ?? "always" };
    }),
  );
  const named = asked.map(({ name, about }) => `${name} (${about})`).join(", ");
  const fact = `${replicas.length === 1 ? "a replica follows" : `${replicas.length} replicas follow`} it: ${named}`;
  const lax = asked.filter(({ fsync }) => fsync !== "always").map(({ name, fsync }) => laxReplica(name, fsync));
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
    fix: "set appendonly yes and appendfsync always on all nodes",
  };
}

/** Undefined if it does not answer, since replicas are often in a network of their own. */
async function setUpOf(at: Address, { options: { username, password, tls } }: Redis) {
  const node = openNode(at, {
    isEncrypted: tls !== undefined,
    ...(typeof username === "string" && { username }),
    ...(typeof password === "string" && { password }),
  });
  node.on("error", () => {}); // it is told by what is missing
  try {
    const [server, settings] = await Promise.all([node.info("server"), configOf(node, ["appendonly", "appendfsync"])]);
    const fsync = settings.get("appendonly") === "no" ? "never" : (settings.get("appendfsync") ?? "unknown");
    return { fsync, version: versionIn(parseInfo(server)) };
  } catch {
    return undefined;
  } finally {
    node.disconnect();
  }
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

/** `ip=10.0.0.2,port=6379,state=online` */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(",").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
