/** The replicas of our primary, as the primary lists them, with what each of them says about itself. */
import type { Redis } from "ioredis";
import type { Address } from "../settings/redis-url.ts";
import { openNode } from "./cluster-view.ts";
import { configOf, type Info, parseInfo, versionIn } from "./redis-check.ts";

export type ReplicaNode = {
  readonly name: string;
  readonly state: string | undefined;
  readonly bytesBehind: number;
  /** Undefined if it does not answer, since replicas are often in a network of their own. */
  readonly setUp: { readonly fsync: string; readonly version: string } | undefined;
};

/** The `fsync` of a replica that keeps no append-only file. */
export const NEVER = "never";

export const ALL_NODES = "set appendonly yes and appendfsync always on all nodes";

/** `info`: the primary's answer to INFO replication. */
export async function askReplicas(redis: Redis, info: Info): Promise<readonly ReplicaNode[]> {
  const replicas = [...info].flatMap(([name, value]) => (/^slave\d+$/.test(name) ? [fieldsOf(value)] : []));
  const written = Number(info.get("master_repl_offset"));
  return await Promise.all(
    replicas.map(async (fields) => {
      const at = { host: fields.get("ip") ?? "", port: Number(fields.get("port")) };
      return {
        name: `${at.host}:${at.port}`,
        state: fields.get("state"),
        bytesBehind: Math.max(0, written - Number(fields.get("offset"))),
        setUp: await setUpOf(at, redis),
      };
    }),
  );
}

async function setUpOf(at: Address, { options: { username, password, tls } }: Redis) {
  const node = openNode(at, {
    isEncrypted: tls !== undefined,
    ...(typeof username === "string" && { username }),
    ...(typeof password === "string" && { password }),
  });
  node.on("error", () => {}); // it is told by what is missing
  try {
    const [server, settings] = await Promise.all([node.info("server"), configOf(node, ["appendonly", "appendfsync"])]);
    const fsync = settings.get("appendonly") === "no" ? NEVER : (settings.get("appendfsync") ?? "unknown");
    return { fsync, version: versionIn(parseInfo(server)) };
  } catch {
    return undefined;
  } finally {
    node.disconnect();
  }
}

/** `ip=10.0.0.2,port=6379,state=online` */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  return new Map(text.split(",").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}
