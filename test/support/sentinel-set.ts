import type { Certificate } from "./certificate.ts";
import { type Announce, asUsual, DURABLE, EAGER, openRedisServers, type ServerNode } from "./redis-servers.ts";
import type { Kind } from "./redis-program.ts";
import { until } from "./until.ts";

export type SentinelSet = Awaited<ReturnType<typeof startSentinelSet>>;

const NAME = "events";
/** A sentinel hears from the other sentinels every two seconds. */
const DOWN_AFTER_MS = 1_000;

export type SentinelSetOptions = {
  readonly replicas?: number;
  readonly sentinels?: number;
  /** The password of the sentinels only. */
  readonly sentinelPassword?: string;
  readonly password?: string;
  /** The port under which the others and the clients find the Redis that listens on this port. Not for sentinels. */
  readonly announce?: Announce;
  readonly kind?: Kind;
  readonly tls?: Certificate;
};

/** A primary, its replicas and sentinels, each in its own process on loopback. `close` ends them all. */
export async function startSentinelSet(options: SentinelSetOptions = {}) {
  const { replicas = 1, sentinels = 3, sentinelPassword, password, announce, kind, tls } = options;
  const servers = await openRedisServers("sentinels", kind);
  const { start } = servers;

  const auth = password === undefined ? [] : [`masterauth "${password}"`];
  const common = [...DURABLE, ...EAGER, ...auth];
  const open = (n: number, more: readonly string[]): Promise<ServerNode> =>
    start({ title: `redis-${n}`, lines: [...common, `appenddirname aof-${n}`, ...more], password, announce, tls });
  const first = await open(0, []);
  const redis = [first];
  for (let n = 1; n <= replicas; n += 1) redis.push(await open(n, [`replicaof 127.0.0.1 ${first.announced}`]));
  const follow = async () => (await first.admin.info("replication")).includes(`connected_slaves:${replicas}`);
  await until("all replicas follow", follow, { timeoutMs: 90_000 });
  await asUsual(redis);
  const watchers: ServerNode[] = [];
  const quorum = Math.floor(sentinels / 2) + 1;
  for (let n = 0; n < sentinels; n += 1) {
    const lines = [
      `sentinel monitor ${NAME} 127.0.0.1 ${first.announced} ${quorum}`,
      `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${NAME} 5000`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${NAME} "${password}"`]),
      ...(sentinelPassword === undefined ? [] : [`sentinel sentinel-pass "${sentinelPassword}"`]),
    ];
    watchers.push(
      await start({ title: `sentinel-${n}`, lines, password: sentinelPassword, flags: ["--sentinel"], tls }),
    );
  }
  for (const { admin } of watchers) {
    await until(
      "the sentinels know each other, and the replicas",
      async () => {
        const said = String(await admin.call("SENTINEL", "CKQUORUM", NAME).catch(String));
        const known: unknown = await admin.call("SENTINEL", "REPLICAS", NAME);
        return said.startsWith(`OK ${sentinels} usable`) && Array.isArray(known) && known.length === replicas;
      },
      { timeoutMs: 90_000 },
    );
  }

  async function primaryPort(): Promise<number> {
    const place: unknown = await watchers.at(-1)?.admin.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
    return Number(Array.isArray(place) ? place[1] : NaN);
  }

  const hosts = watchers.map(({ port }) => `127.0.0.1:${port}`).join(",");
  const user = password === undefined ? "" : `:${encodeURIComponent(password)}@`;
  return {
    name: NAME,
    url: `${tls ? "rediss" : "redis"}+sentinel://${user}${hosts}/${NAME}`,
    sentinels: watchers,
    nodes: redis,
    primaryPort,
    /** The primary, according to the sentinels. */
    async primary(): Promise<ServerNode> {
      const port = await primaryPort();
      const node = redis.find((one) => one.announced === port);
      if (!node) throw new Error(`the sentinels name a primary at port ${port}`);
      return node;
    },
    /** The number of failovers so far. */
    async failovers(): Promise<number> {
      const fields: unknown = await watchers.at(-1)?.admin.call("SENTINEL", "MASTER", NAME);
      return Array.isArray(fields) ? Number(fields[fields.indexOf("config-epoch") + 1]) : NaN;
    },
    /** Resolves when the primary is no longer at `port`. The sentinels and the new primary must agree. */
    async replaced(port: number): Promise<void> {
      const isReplaced = async (): Promise<boolean> => {
        const place = await primaryPort();
        const node = redis.find((one) => one.announced === place);
        if (!node || place === port) return false;
        const [role] = await node.admin.role();
        return role === "master";
      };
      // A failover that fails on a busy machine is tried again after ten seconds.
      await until("another one is the primary", isReplaced, { timeoutMs: 90_000 });
    },
    /** Resolves when all sentinels know that no other replica may be promoted. */
    async promoteOnly(chosen: ServerNode): Promise<void> {
      const others = redis.filter((node) => node !== first && node !== chosen);
      for (const { admin } of others) await admin.config("SET", "replica-priority", "0");
      // A sentinel asks each replica every ten seconds.
      for (const { admin } of watchers)
        await until("the sentinels know which replica to promote", async () => {
          const known: unknown = await admin.call("SENTINEL", "REPLICAS", NAME);
          return JSON.stringify(known).split('"slave-priority","0"').length - 1 === others.length;
        });
    },
    close: servers.close,
  };
}
