const QUEUE = "events";

/** The queues of all shards have the same name, and the board tells queues apart by theirs. */
export function boardNameOf(shard: number): string {
  return shard === 0 ? QUEUE : `shard-${shard + 1}-${QUEUE}`;
}
