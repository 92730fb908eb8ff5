/** What a row plays on, and how it is asked afterwards. */
import { startRedisCluster } from "../../support/redis-cluster.ts";
import { startSentinelSet } from "../../support/sentinel-set.ts";
import type { FailoverRow } from "./rows.ts";

export type Ground = {
  readonly url: string;
  /** Resolves when a primary is there that may serve. */
  strike(): Promise<void>;
  failovers(): Promise<number>;
  close(): Promise<void>;
};

/** One is promoted, and the other one is there to be waited for. */
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
