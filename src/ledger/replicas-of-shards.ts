import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { createReplicas, type Heard, type Replicas } from "./replicas.ts";

type Shard = { readonly redis: Redis; readonly keys: Keys };

/**
 * Leaves a word in each shard, since each can lose its data alone. The first shard has the words that count.
 * `keep` is called first: it writes what a new worker must find before that.
 */
export function createReplicasOfShards(shards: readonly Shard[], holdsMs: number, keep: () => Promise<void>): Replicas {
  const [first, ...others] = shards;
  if (!first) throw new Error("there is no shard");
  const home = createReplicas(first.redis, first.keys, holdsMs);
  if (others.length === 0) return home;
  const all = [home, ...others.map(({ redis, keys }) => createReplicas(redis, keys, holdsMs))];

  return {
    ...home,
    async beat(beat) {
      await keep();
      const heard = await Promise.all(all.map((one) => one.beat(one === home ? beat : { ...beat, sources: [] })));
      return together(heard);
    },
    leave: async () => void (await Promise.all(all.map((one) => one.leave()))),
  };
}

function together(heard: readonly Heard[]): Heard {
  const foundIn = heard.flatMap(({ news }, shard) => (news === "found" ? [shard] : []));
  const [loss] = heard.flatMap((one) => one.loss ?? []).toSorted((a, b) => b.until.localeCompare(a.until));
  const news = foundIn.length > 0 ? "found" : heard.find((one) => one.news)?.news;
  return {
    gone: heard[0]?.gone ?? [],
    words: heard.reduce((sum, { words }) => sum + words, 0),
    isOtherRedis: heard.some(({ isOtherRedis }) => isOtherRedis),
    ...(loss && { loss }),
    ...(news && { news, foundIn }),
  };
}
