/** Identifies the Redis that answers, to recognise a restart or a replacement. */
import type { Redis } from "ioredis";
import type { DataLossCause } from "../core/data-loss.ts";

export type RedisIdentity = {
  /** Changes at each start of Redis. */
  readonly runId: string;
  /** The id of the data that it replicates, and the id before that. */
  readonly replicationIds: readonly [now: string, before: string];
};

/** Undefined if Redis hides it, as a managed one may. */
export async function identify(redis: Redis): Promise<RedisIdentity | undefined> {
  const [server, replication] = await Promise.all([redis.info("server"), redis.info("replication")]);
  const [runId, now, before = ""] = [
    textIn(server, "run_id"),
    textIn(replication, "master_replid"),
    textIn(replication, "master_replid2"),
  ];
  return runId === undefined || now === undefined ? undefined : { runId, replicationIds: [now, before] };
}

/** How the data may have gone back in time. */
export function causeOf(known: RedisIdentity | undefined, now: RedisIdentity | undefined): DataLossCause {
  if (!known || !now) return "unknown";
  if (known.runId === now.runId) return "in-place";
  const [own] = known.replicationIds;
  const [current, before] = now.replicationIds;
  return own === current || own === before ? "promoted" : "restarted";
}

function textIn(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\w+)`, "m").exec(info)?.[1];
}
