/** Which Redis answers, to tell one that was started again, or that took another's place. */
import type { Redis } from "ioredis";
import type { DataLossCause } from "../core/data-loss.ts";

export type RedisIdentity = {
  /** Another one at each start. */
  readonly runId: string;
  /** The id of the data that it replicates, and of those that it followed before. */
  readonly replicationIds: readonly [now: string, before: string];
};

/** Undefined where it does not tell, as managed ones may not. */
export async function identify(redis: Redis): Promise<RedisIdentity | undefined> {
  const [server, replication] = await Promise.all([redis.info("server"), redis.info("replication")]);
  const [runId, now, before = ""] = [
    textIn(server, "run_id"),
    textIn(replication, "master_replid"),
    textIn(replication, "master_replid2"),
  ];
  return runId === undefined || now === undefined ? undefined : { runId, replicationIds: [now, before] };
}

/** How its data can have gone back, if it has. */
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
