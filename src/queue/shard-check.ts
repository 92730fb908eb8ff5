import type { Finding } from "../core/finding.ts";
import type { Keys } from "../ledger/keys.ts";
import type { Shard } from "./shards.ts";

/** How the sources are spread over a cluster. Nothing where there is one shard. */
export function checkShards(shards: readonly Shard[], { places }: Pick<Keys, "places">): readonly Finding[] {
  if (shards.length === 1) return [];
  const where = shards.map(({ redis }) => `${redis.stream.remoteAddress}:${redis.stream.remotePort}`);
  const held = [...places().values()];
  const each = where.map((address, shard) => `${held.filter((one) => one === shard).length} on ${address}`);
  const spread = `the sources are spread over ${shards.length} shards: ${each.join(", ")}`;
  const shared = where.find((address, shard) => where.indexOf(address) !== shard);
  if (shared === undefined) return [{ level: "ok", fact: spread }];
  const tags = shards.flatMap(({ keys }, shard) => (where[shard] === shared ? [keys.queue.prefix] : []));
  return [
    {
      level: "warn",
      fact: `${spread}; ${shared} serves several of them`,
      fix: `move one of their slots to another primary (redis-cli --cluster reshard): ${tags.join(", ")}`,
    },
  ];
}
