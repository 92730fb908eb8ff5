/**
 * Shares CONCURRENCY among the shards of a cluster. Each has at least one place. One that uses all of its places gets
 * those that others leave free, within seconds. It takes them up when one of its jobs ends.
 */
export type Using = { readonly running: number; readonly places: number };

/** A shard that has little to do keeps this part of an even share free, for what comes. */
const KEPT = 0.25;

/** How many places each one has from now on. A shard with running jobs has at least as many. */
export function shareConcurrency(total: number, shards: readonly Using[]): readonly number[] {
  const places = shards.map(({ running }) => Math.max(1, running));
  let left = Math.max(0, total - places.reduce((sum, own) => sum + own, 0));
  const add = (shard: number, more: number): void => {
    places[shard] = (places[shard] ?? 0) + more;
    left -= more;
  };
  const [hungry, others] = [indexesOf(shards, true), indexesOf(shards, false)];
  const kept = Math.floor((KEPT * total) / shards.length);
  for (const shard of others) {
    const wanted = (shards[shard]?.running ?? 0) + kept - (places[shard] ?? 0);
    add(shard, Math.min(left, Math.max(0, wanted)));
  }
  // The smallest first, so that they become equal.
  const takers = hungry.length > 0 ? hungry : others;
  for (let given = left; given > 0; given -= 1) {
    takers.sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
    add(takers[0] ?? 0, 1);
  }
  return places;
}

function indexesOf(shards: readonly Using[], isHungry: boolean): number[] {
  return shards.flatMap(({ running, places }, shard) => (running >= places === isHungry ? [shard] : []));
}
