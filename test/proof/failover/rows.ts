/** The failures of a set of Redis servers while events arrive. */
import { sleep } from "../../../src/core/sleep.ts";
import { createKeys } from "../../../src/ledger/keys.ts";
import { shardTags } from "../../../src/queue/shard-tags.ts";
import type { RedisCluster } from "../../support/redis-cluster.ts";
import type { SentinelSet } from "../../support/sentinel-set.ts";
import { until } from "../../support/until.ts";
import type { Network } from "./network.ts";

/** Resolves when a primary is able to serve. */
type Strike<Stage> = { strike(stage: Stage): Promise<void> };
/** `heal` mends, some time later, the failures that the strike left. `prepare` runs before the workers start. */
type Mended<Stage> = Strike<Stage> & { heal?(stage: Stage): Promise<void>; prepare?(stage: Stage): Promise<void> };

type Linked = { readonly set: SentinelSet; readonly network: Network };

/**
 * `network`: sentinels, with a proxy before each Redis. `mayLosePushed`: even if a replica is waited for, since another
 * one may be promoted. The docs name such a row.
 */
export type FailoverRow = { readonly name: string; readonly mayLosePushed?: boolean } & (
  | ({ readonly on: "sentinels" } & Strike<SentinelSet>)
  | ({ readonly on: "network" } & Mended<Linked>)
  | ({ readonly on: "cluster" } & Strike<RedisCluster>)
);

const AWAY_MS = 5_000;
const BEHIND_MS = 1_000;
const STORM_MS = 4_000;
const SLOW_FOR_MS = 10_000;
const LATENCY_MS = 200;
export const PREFIX = "failover";

/** Runs `strike`, and waits until another primary has taken over. */
async function replaced(set: SentinelSet, strike: (port: number) => Promise<unknown>): Promise<void> {
  const port = await set.primaryPort();
  await strike(port);
  await set.replaced(port);
}

export const FAILOVER_ROWS: readonly FailoverRow[] = [
  {
    on: "sentinels",
    name: "the primary is killed",
    strike: (set) => replaced(set, async () => (await set.primary()).process.kill("SIGKILL")),
  },
  {
    on: "sentinels",
    name: "the primary freezes",
    strike: (set) => replaced(set, async () => (await set.primary()).process.kill("SIGSTOP")),
  },
  {
    on: "sentinels",
    name: "the primary freezes, and goes on after it was replaced",
    async strike(set) {
      const { process } = await set.primary();
      await replaced(set, async () => process.kill("SIGSTOP"));
      process.kill("SIGCONT");
    },
  },
  {
    on: "sentinels",
    name: "the primary is replaced by command",
    strike: (set) => replaced(set, async () => set.sentinels[0]?.admin.call("SENTINEL", "FAILOVER", set.name)),
  },
  {
    on: "sentinels",
    name: "all sentinels are away for 5 s",
    async strike({ sentinels }) {
      for (const { process } of sentinels) process.kill("SIGSTOP");
      await sleep(AWAY_MS);
      for (const { process } of sentinels) process.kill("SIGCONT");
    },
  },
  {
    on: "sentinels",
    name: "the primary is killed, and a sentinel with it",
    strike: (set) =>
      replaced(set, async () => {
        set.sentinels[0]?.process.kill("SIGKILL");
        (await set.primary()).process.kill("SIGKILL");
      }),
  },
  {
    on: "sentinels",
    name: "connections are reset ten times a second for 4 s",
    async strike(set) {
      const { admin } = await set.primary();
      for (const end = performance.now() + STORM_MS; performance.now() < end; await sleep(100))
        await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    },
  },
  {
    on: "network",
    name: "a replica that is a second behind is promoted, while another one has all",
    mayLosePushed: true,
    prepare: async ({ set }) => await set.promoteOnly(lastOf(set)),
    async strike({ set, network }) {
      await network.silence(await set.primaryPort(), lastOf(set).announced);
      await sleep(BEHIND_MS);
      await replaced(set, async () => (await set.primary()).process.kill("SIGKILL"));
    },
  },
  {
    on: "network",
    name: "the primary is cut off from all, and returns 5 s after it was replaced",
    ...cutOff("all"),
  },
  {
    on: "network",
    name: "the primary is cut off together with the workers, and returns 5 s after it was replaced",
    ...cutOff("peers"),
  },
  {
    on: "network",
    name: "all connections of the workers to the primary become half-open",
    strike: async ({ set, network }) => void (await network.silence(await set.primaryPort(), "connected")),
  },
  {
    on: "network",
    name: "each answer of Redis takes 200 ms longer, for 10 s",
    strike: async ({ network }) => void (await network.slowDown(LATENCY_MS)),
    async heal({ network }) {
      await sleep(SLOW_FOR_MS);
      await network.slowDown(0);
    },
  },
  {
    on: "cluster",
    name: "the primary of a cluster that has the source's shard is killed",
    strike: async (cluster) =>
      await takenOver(cluster, await tagOfSource(cluster), async ({ process }) => process.kill("SIGKILL")),
  },
  {
    on: "cluster",
    name: "the primary of a cluster that has what all shards share is killed",
    strike: (cluster) => takenOver(cluster, PREFIX, async ({ process }) => process.kill("SIGKILL")),
  },
  {
    on: "cluster",
    name: "the primary of a cluster that has the source's shard freezes",
    strike: async (cluster) =>
      await takenOver(cluster, await tagOfSource(cluster), async ({ process }) => process.kill("SIGSTOP")),
  },
  {
    on: "cluster",
    name: "the slot of the source's shard moves to another primary of a cluster",
    strike: async (cluster) => await cluster.moveSlot(await tagOfSource(cluster)),
  },
];

function lastOf({ nodes }: SentinelSet): SentinelSet["nodes"][number] {
  const last = nodes.at(-1);
  if (!last) throw new Error("there is no replica");
  return last;
}

/** The old primary hears of its fate when the network is whole again. */
function cutOff(who: "all" | "peers"): Mended<Linked> {
  let port = 0;
  return {
    async strike({ set, network }) {
      port = await set.primaryPort();
      await network.silence(port, who);
      await set.replaced(port);
    },
    async heal({ network }) {
      await sleep(AWAY_MS);
      await network.speak(port);
    },
  };
}

async function takenOver(
  cluster: RedisCluster,
  tag: string,
  strike: (owner: RedisCluster["nodes"][number]) => Promise<unknown>,
) {
  const before = await cluster.ownerOf(tag);
  const others = cluster.nodes.filter(({ id }) => id !== before.id);
  await strike(before);
  const isTaken = async (): Promise<boolean> => (await cluster.ownerOf(tag, others)).id !== before.id;
  await until("another node serves our slot", isTaken, { timeoutMs: 90_000 });
}

/** The hash tag of the shard that has the events of the row. It must be another one than that of the shared keys. */
export async function tagOfSource(cluster: RedisCluster): Promise<string> {
  const { admin } = await cluster.ownerOf(PREFIX);
  const { count, ...places } = await admin.hgetall(createKeys(PREFIX).shared.shards);
  const [shard = "0"] = Object.values(places);
  const tag = shardTags(PREFIX, Number(count))[Number(shard)];
  if (tag === undefined || tag === PREFIX) throw new Error("the source lies where the shared keys are");
  return tag;
}
