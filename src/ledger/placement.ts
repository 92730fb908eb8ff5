/**
 * Which shard of a cluster holds each source. A source is placed when it is first configured, and stays there, since its
 * events must be found again. One whose handlers have limits is placed on the first shard: a limit counts events of all
 * sources in one script.
 */
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys, Spread } from "./keys.ts";
import { LayoutError } from "./replicas.ts";
import { loadScript } from "./scripts.ts";

/** `shard`: the one that it has to be on. Without it, it is the one with the fewest sources. */
export type ToPlace = { readonly source: string; readonly shard?: number };

export type Placed = { readonly count: number; readonly shards: ReadonlyMap<string, number> };

export type Placement = Omit<Spread, "tags"> & {
  /**
   * Writes the known places again if Redis lost them, and learns of new ones. Rejects with a `LayoutError` if another
   * process has placed a source elsewhere meanwhile.
   */
  keep(): Promise<void>;
};

const Reply = z.tuple([z.coerce.number()], z.string());
const Fields = z.record(z.string(), z.coerce.number());

/** The places that are decided. Undefined if there are none, because no worker has run on this cluster yet. */
export async function readPlaces(redis: Redis, { shared }: Keys): Promise<Placed | undefined> {
  const { count, ...places } = Fields.parse(await redis.hgetall(shared.shards));
  if (count === undefined) return undefined;
  return { count, shards: new Map(Object.entries(places).map(([field, shard]) => [field.slice("at:".length), shard])) };
}

/**
 * `count`: how many shards there are to be, if that is not decided yet. First come the sources that have to be on a
 * shard, so that the others go elsewhere, and all in the same order each time.
 */
export async function placeSources(
  redis: Redis,
  { shared }: Keys,
  count: number,
  sources: readonly ToPlace[],
): Promise<Placed> {
  const script = loadScript(redis, "shared", "place-sources");
  const sorted = sources.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  const args = sorted.flatMap(({ source, shard }) => [source, shard ?? ""]);
  const [placed, ...pairs] = Reply.parse(await script(shared.scope, count, ...args));
  const shards = new Map<string, number>();
  for (let at = 0; at < pairs.length; at += 2) shards.set(pairs[at] ?? "", Number(pairs[at + 1]));
  return { count: placed, shards };
}

function orderOf({ source, shard }: ToPlace): string {
  return `${shard === undefined ? 1 : 0} ${source}`;
}

export function createPlacement(redis: Redis, keys: Keys, { count, shards }: Placed): Placement {
  const known = new Map(shards);

  return {
    shardOf: (source) => known.get(source) ?? 0,
    places: () => known,
    learn(source, shard) {
      if (!known.has(source)) known.set(source, shard);
    },

    async keep() {
      const sources = [...known].map(([source, shard]) => ({ source, shard }));
      const now = await placeSources(redis, keys, count, sources);
      const moved = sources.find(({ source, shard }) => now.shards.get(source) !== shard);
      if (moved || now.count !== count)
        throw new LayoutError(
          `Redis lost the places of the sources, and another process has placed ${moved?.source ?? "them"} anew`,
        );
      for (const [source, shard] of now.shards) known.set(source, shard);
    },
  };
}
