/** Lets confirmations wait for Redis' replicas. It has its own connection, because the question blocks a connection. */
import { type ConnectionOptions, connect } from "../queue/connection.ts";
import { createReplication } from "../queue/replication.ts";
import type { Keys } from "../ledger/keys.ts";

export type ReplicationOptions = Omit<ConnectionOptions, "use"> & {
  readonly keys: Keys;
  readonly waitReplicas: number;
};

export type OpenReplication = {
  /** Resolves when enough replicas have all earlier writes of this process. Missing if REDIS_WAIT_REPLICAS is 0. */
  readonly replicated?: () => Promise<void>;
  close(): Promise<void>;
};

export function openReplication({ keys, waitReplicas: replicas, ...options }: ReplicationOptions): OpenReplication {
  if (replicas === 0) return { close: async () => {} };
  const redis = connect({ ...options, use: "command" });
  const replication = createReplication({ redis, keys, replicas, log: options.log });
  return {
    replicated: () => replication.after(async () => {}),
    close: async () => redis.disconnect(),
  };
}
