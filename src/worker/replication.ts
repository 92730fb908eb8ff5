/** Lets confirmations wait for Redis' replicas, over a connection of their own: it serves nobody else while it waits. */
import { type ConnectionOptions, connect } from "../queue/connection.ts";
import { createReplication } from "../queue/replication.ts";
import type { Keys } from "../ledger/keys.ts";

export type ReplicationOptions = Omit<ConnectionOptions, "use"> & {
  readonly keys: Keys;
  readonly waitReplicas: number;
};

export type OpenReplication = {
  /** Resolves when what this process had written before stands on enough replicas; missing where nobody asked for it. */
  readonly replicated?: () => Promise<void>;
  close(): Promise<void>;
};

export function openReplication({ keys, waitReplicas, ...options }: ReplicationOptions): OpenReplication {
  if (waitReplicas === 0) return { close: async () => {} };
  const redis = connect({ ...options, use: "command" });
  const replication = createReplication(redis, keys, waitReplicas);
  return {
    replicated: () => replication.after(async () => {}),
    close: async () => redis.disconnect(),
  };
}
