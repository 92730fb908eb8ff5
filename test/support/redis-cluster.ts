import type { Certificate } from "./certificate.ts";
import { freePort } from "./free-port.ts";
import { sleep } from "../../src/core/sleep.ts";
import { slotOf } from "../../src/queue/cluster-slot.ts";
import { asUsual, DURABLE, EAGER, openRedisServers, type ServerNode } from "./redis-servers.ts";
import { until } from "./until.ts";

export type RedisCluster = Awaited<ReturnType<typeof startRedisCluster>>;
type Member = ServerNode & { readonly id: string };

const SLOTS = 16_384;
const NODE_TIMEOUT_MS = 1_000;
const ANSWERS_MS = 1_000;
/** Of each step of the start. The hooks that start clusters have several minutes. */
const STEP = { timeoutMs: 90_000, pauseMs: 20 };

export type RedisClusterOptions = {
  readonly primaries?: number;
  /** The number of replicas per primary. */
  readonly replicas?: number;
  readonly password?: string;
  readonly tls?: Certificate;
};

/** A cluster on loopback, with one process per node. `close` ends them all. */
export async function startRedisCluster({ primaries = 3, replicas = 1, password, tls }: RedisClusterOptions = {}) {
  const servers = await openRedisServers("cluster");
  const nodes: Member[] = [];
  for (let n = 0; n < primaries * (1 + replicas); n += 1) {
    const busPort = await freePort();
    const lines = [
      ...DURABLE,
      ...EAGER,
      "cluster-enabled yes",
      `cluster-port ${busPort}`,
      `cluster-node-timeout ${NODE_TIMEOUT_MS}`,
      `cluster-config-file nodes-${n}.conf`,
      "cluster-replica-validity-factor 0",
      `appenddirname aof-${n}`,
      ...(tls ? ["tls-cluster yes"] : []),
      ...(password === undefined ? [] : [`masterauth "${password}"`]),
    ];
    const node = await servers.start({ title: `node-${n}`, lines, password, tls });
    const id = String(await node.admin.call("CLUSTER", "MYID"));
    const [first] = nodes;
    // Without this, all nodes would start with the same epoch.
    await node.admin.call("CLUSTER", "SET-CONFIG-EPOCH", String(n + 1));
    if (first) await first.admin.call("CLUSTER", "MEET", "127.0.0.1", String(node.port), String(busPort));
    nodes.push(Object.assign(node, { id }));
  }
  for (const [n, { admin }] of nodes.slice(0, primaries).entries()) {
    const from = Math.ceil((n * SLOTS) / primaries);
    const to = Math.ceil(((n + 1) * SLOTS) / primaries) - 1;
    await admin.call("CLUSTER", "ADDSLOTSRANGE", String(from), String(to));
  }
  for (const { admin } of nodes)
    await until("all have met", async () => (await view(admin)).length === nodes.length, STEP);
  for (const [n, { admin }] of nodes.slice(primaries).entries())
    await admin.call("CLUSTER", "REPLICATE", nodes[n % primaries]?.id ?? "");
  for (const { admin } of nodes)
    await until("all is served", async () => (await admin.cluster("INFO")).includes("cluster_state:ok"), STEP);
  for (const { admin } of nodes.slice(0, primaries))
    await until("replicas follow", async () => (await onlineReplicas(admin)) === replicas, STEP);
  for (const { admin } of nodes)
    await until("all know the replicas", async () => (await replicasIn(admin)) === primaries * replicas, STEP);
  await asUsual(nodes);

  /** The primary that serves the slot of these keys, according to the first node that answers. */
  async function ownerOf(prefix: string, asked: readonly Member[] = nodes): Promise<Member> {
    const slot = slotOf(`{${prefix}}`);
    for (const { admin, process: child } of asked) {
      if (child.signalCode !== null || child.exitCode !== null) continue;
      const claims = (await view(admin)).filter(({ flags }) => flags.includes("master"));
      const owner = claims.find(({ ranges }) => ranges.some(([from, to]) => from <= slot && slot <= to));
      const node = nodes.find(({ id }) => id === owner?.id);
      if (node) return node;
    }
    throw new Error(`no node serves slot ${slot}`);
  }

  const user = password === undefined ? "" : `:${encodeURIComponent(password)}@`;
  return {
    nodes,
    url: `${tls ? "rediss" : "redis"}+cluster://${user}${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
    ownerOf,
    /** The epoch rises with each change. */
    async epoch(): Promise<number> {
      const told = nodes.map(async ({ admin }) => {
        // A node that is gone or frozen never answers.
        const info = await Promise.race([admin.cluster("INFO"), sleep(ANSWERS_MS)]);
        return Number(/cluster_current_epoch:(\d+)/.exec(String(info))?.[1] ?? 0);
      });
      return Math.max(...(await Promise.all(told)));
    },
    /** Moves the slot of these keys to another primary, a few keys at a time, as `redis-cli --cluster reshard` does. */
    async moveSlot(prefix: string): Promise<void> {
      const slot = String(slotOf(`{${prefix}}`));
      const from = await ownerOf(prefix);
      const other = (await view(from.admin)).find(
        ({ id, flags, ranges }) => id !== from.id && flags.includes("master") && ranges.length > 0,
      );
      const to = nodes.find(({ id }) => id === other?.id);
      if (!to) throw new Error("there is no other primary");
      await to.admin.call("CLUSTER", "SETSLOT", slot, "IMPORTING", from.id);
      await from.admin.call("CLUSTER", "SETSLOT", slot, "MIGRATING", to.id);
      const auth = password === undefined ? [] : ["AUTH", password];
      for (;;) {
        const keys = await from.admin.call("CLUSTER", "GETKEYSINSLOT", slot, "10");
        if (!Array.isArray(keys) || keys.length === 0) break;
        await from.admin.call(
          "MIGRATE",
          "127.0.0.1",
          String(to.port),
          "",
          "0",
          "5000",
          ...auth,
          "KEYS",
          ...keys.map(String),
        );
      }
      for (const { admin } of [to, from]) await admin.call("CLUSTER", "SETSLOT", slot, "NODE", to.id);
    },
    close: servers.close,
  };
}

async function view(admin: ServerNode["admin"]) {
  const text = String(await admin.call("CLUSTER", "NODES"));
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", , flags = "", , , , , , ...ranges] = line.split(" ");
      return { id, flags: flags.split(","), ranges: ranges.map(readRange) };
    });
}

function readRange(text: string): readonly [number, number] {
  const [from = NaN, to = from] = text.split("-").map(Number);
  return [from, to];
}

async function onlineReplicas(admin: ServerNode["admin"]): Promise<number> {
  return [...(await admin.info("replication")).matchAll(/^slave\d+:.*state=online/gm)].length;
}

async function replicasIn(admin: ServerNode["admin"]): Promise<number> {
  return (await view(admin)).filter(({ flags }) => flags.includes("slave")).length;
}
