/** The servers of a row, and the questions that the row asks them afterwards. */
import { startRedisCluster } from "../../support/redis-cluster.ts";
import { type SentinelSet, startSentinelSet } from "../../support/sentinel-set.ts";
import { openRecords, type Records } from "./left-over.ts";
import { openNetwork } from "./network.ts";
import { type FailoverRow, PREFIX, tagOfSource } from "./rows.ts";

export type Ground = {
  readonly url: string;
  /** The name and version of the server program. */
  readonly server: string;
  /** Resolves when a primary is able to serve. */
  strike(): Promise<void>;
  /** Mends, some time later, the failures that the strike left. */
  heal(): Promise<void>;
  /** Of the source whose events the row pulls. */
  openRecords(): Promise<Records>;
  failovers(): Promise<number>;
  close(): Promise<void>;
};

/** One replica is promoted. Writes to it can then wait for the other one. */
const REPLICAS = 2;

export async function openGround(row: FailoverRow, signal: AbortSignal): Promise<Ground> {
  if (row.on === "cluster") {
    const cluster = await startRedisCluster({ replicas: REPLICAS });
    const { url, epoch, close } = cluster;
    const before = await epoch();
    return {
      url,
      server: await serverOf(cluster),
      strike: () => row.strike(cluster),
      heal: async () => {},
      async openRecords() {
        const tag = await tagOfSource(cluster);
        return await openRecords((await cluster.ownerOf(tag)).admin, tag);
      },
      failovers: async () => (await epoch()) - before,
      close,
    };
  }
  if (row.on === "sentinels") {
    const set = await startSentinelSet({ replicas: REPLICAS });
    return {
      ...set,
      server: await serverOf(set),
      strike: () => row.strike(set),
      heal: async () => {},
      openRecords: () => recordsOf(set),
    };
  }
  const network = await openNetwork(signal);
  try {
    const set = await startSentinelSet({ replicas: REPLICAS, announce: network.announce });
    const close = async (): Promise<void> => void (await Promise.all([set.close(), network.close()]));
    const linked = { set, network };
    await row.prepare?.(linked);
    return {
      ...set,
      server: await serverOf(set),
      strike: () => row.strike(linked),
      heal: async () => await row.heal?.(linked),
      openRecords: () => recordsOf(set),
      close,
    };
  } catch (err) {
    await network.close();
    throw err;
  }
}

async function serverOf({ nodes }: Pick<SentinelSet, "nodes">): Promise<string> {
  const info = (await nodes[0]?.admin.info("server")) ?? "";
  const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
  return valkey === undefined ? `Redis ${/^redis_version:(\S+)/m.exec(info)?.[1]}` : `Valkey ${valkey}`;
}

async function recordsOf(set: SentinelSet): Promise<Records> {
  return await openRecords((await set.primary()).admin, PREFIX);
}
