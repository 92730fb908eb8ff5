/** The servers of a row, and the questions that the row asks them afterwards. */
import { startRedisCluster } from "../../support/redis-cluster.ts";
import { startSentinelSet } from "../../support/sentinel-set.ts";
import type { FailoverRow } from "./rows.ts";

export type Ground = {
  readonly url: string;
  /** Resolves when a primary is able to serve. */
  strike(): Promise<void>;
  failovers(): Promise<number>;
  close(): Promise<void>;
};

/** One replica is promoted. Writes to it can then wait for the other one. */
const REPLICAS = 2;

export async function openGround(row: FailoverRow): Promise<Ground> {
  if (row.on === "cluster") {
    const cluster = await startRedisCluster({ replicas: REPLICAS });
    const { url, epoch, close } = cluster;
    const before = await epoch();
    return { url, strike: () => row.strike(cluster), failovers: async () => (await epoch()) - before, close };
  }
  const set = await startSentinelSet({ replicas: REPLICAS });
  const { url, failovers, close } = set;
  return { url, strike: () => row.strike(set), failovers, close };
}
