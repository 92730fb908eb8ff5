import { createKeys } from "../../src/ledger/keys.ts";
import { setupRedis } from "./redis.ts";

/** Keys as in a cluster: several shards, each with its own tag, here all in one Redis. */
export function spreadKeys(places: Readonly<Record<string, number>>, shards = 3) {
  const { redis, prefix, url } = setupRedis();
  const known = new Map(Object.entries(places));
  const tags = Array.from({ length: shards }, (_, shard) => (shard === 0 ? prefix : `${prefix}.${shard}`));
  const keys = createKeys(prefix, {
    tags,
    shardOf: (source) => known.get(source) ?? 0,
    learn: (source, shard) => void known.set(source, shard),
    places: () => known,
  });
  return { redis, url, prefix, keys, shards: keys.shards.map((own) => ({ redis, keys: own })) };
}
