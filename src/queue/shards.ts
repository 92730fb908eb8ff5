/**
 * The shards of a deployment: each is a hash tag, with a connection that leads to its slot. There is one, and several only
 * in a cluster.
 */
import type { Redis } from "ioredis";
import { createKeys, type Keys, type Spread } from "../ledger/keys.ts";
import type { RedisPlace } from "../settings/redis-url.ts";
import { clusterOf } from "./cluster-connector.ts";
import { slotOf } from "./cluster-slot.ts";
import { createNodeAsker } from "./cluster-view.ts";
import { createPlacement, readPlaces } from "../ledger/placement.ts";
import { shardTags } from "./shard-tags.ts";

export type Shard = {
  /** As if it were the only shard. */
  readonly keys: Keys;
  /** Leads to its slot. */
  readonly place: RedisPlace;
  readonly redis: Redis;
};

export type Shards = {
  /** The connection of the first shard. It sends each command to the shard that has the command's key. */
  readonly redis: Redis;
  readonly keys: Keys;
  readonly all: readonly Shard[];
};

type Home = { readonly redis: Redis; readonly place: RedisPlace };

/** More would only cost connections. */
const MAX_SHARDS = 16;

/** `open`: opens a connection that leads to this place. */
export function spreadOver(
  home: Home,
  count: number,
  places: Omit<Spread, "tags">,
  open: (place: RedisPlace) => Redis,
): Shards {
  const { redis, place } = home;
  const keys = createKeys(place.prefix, { ...places, tags: shardTags(place.prefix, count) });
  const all = keys.shards.map((own, index) => {
    const there = { ...place, prefix: own.queue.prefix.slice(1, -1) };
    return { keys: own, place: there, redis: index === 0 ? redis : open(there) };
  });
  route(redis, all);
  return { redis, keys, all };
}

export function onlyShard({ redis, place }: Home): Shards {
  const keys = createKeys(place.prefix);
  return { redis, keys, all: [{ keys, place, redis }] };
}

/** The shards that a worker has decided on. Writes nothing. */
export async function findShards(home: Home, open: (place: RedisPlace) => Redis): Promise<Shards> {
  const only = onlyShard(home);
  const placed = clusterOf(home.redis) && (await readPlaces(home.redis, only.keys));
  if (!placed || placed.count === 1) return only;
  return spreadOver(home, placed.count, createPlacement(home.redis, only.keys, placed), open);
}

/** One shard for each primary that serves slots. One alone where no cluster is. */
export async function countShards(redis: Redis): Promise<number> {
  const cluster = clusterOf(redis);
  if (!cluster) return 1;
  const { remoteAddress: host = "", remotePort: port = 0 } = redis.stream;
  const asker = createNodeAsker({ host, port }, cluster);
  try {
    const { nodes } = await asker.ask();
    const primaries = nodes.filter(({ isPrimary, slots }) => isPrimary && slots.length > 0);
    return Math.min(MAX_SHARDS, Math.max(1, primaries.length));
  } finally {
    asker.close();
  }
}

/** Commands without a key, and those in a transaction, go to the first shard. */
function route(home: Redis, [, ...others]: readonly Shard[]): void {
  const bySlot = new Map(others.map(({ keys, redis }) => [slotOf(keys.queue.prefix), redis]));
  const send = home.sendCommand.bind(home);
  home.sendCommand = (command, stream) => {
    const other = bySlot.get(command.getSlot());
    return other ? other.sendCommand(command, stream) : send(command, stream);
  };
}
