/** Lets confirmations wait for Redis' replicas. It has its own connection, because the question blocks a connection. */
import { type ConnectionOptions, connect } from "../queue/connection.ts";
import { createReplication } from "../queue/replication.ts";
import type { Shard } from "../queue/shards.ts";

export type ReplicationOptions = Omit<ConnectionOptions, "use" | "place"> & {
  readonly shards: readonly Pick<Shard, "keys" | "place">[];
  readonly waitReplicas: number;
};

/** Of one shard. */
type Replicated = () => Promise<void>;

export type OpenReplication = {
  /**
   * For each shard: resolves when enough replicas have all earlier writes of this process. Missing if
   * REDIS_WAIT_REPLICAS is 0.
   */
  readonly replicated?: readonly Replicated[];
  close(): Promise<void>;
};

export function openReplication({ shards, waitReplicas: replicas, ...options }: ReplicationOptions): OpenReplication {
  if (replicas === 0) return { close: async () => {} };
  const opened = shards.map(({ keys, place }) => {
    const redis = connect({ ...options, place, use: "command" });
    return { redis, replication: createReplication({ redis, keys, replicas, log: options.log }) };
  });
  return {
    replicated: opened.map(
      ({ replication }) =>
        () =>
          replication.after(async () => {}),
    ),
    close: async () => opened.forEach(({ redis }) => redis.disconnect()),
  };
}
