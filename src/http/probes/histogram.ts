/** A distribution of values over buckets, as plain numbers. */
import type { Sample } from "./exposition.ts";

/** `counts`: by bucket, without the buckets before it. The last bucket has no bound. */
export type Spread = { readonly counts: number[]; sum: number };

export function createSpread(bounds: readonly number[]): Spread {
  return { counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 };
}

export function addTo(spread: Spread, bounds: readonly number[], value: number): void {
  const { counts } = spread;
  let bucket = 0;
  while (bucket < bounds.length && value > (bounds[bucket] ?? 0)) bucket += 1;
  counts[bucket] = (counts[bucket] ?? 0) + 1;
  spread.sum += value;
}

/** Each bucket includes the counts of those before it. */
export function samplesOf(labels: string, { counts, sum }: Spread, bounds: readonly number[]): readonly Sample[] {
  let count = 0;
  const buckets = [...bounds, Infinity].map((limit, bucket): Sample => {
    count += counts[bucket] ?? 0;
    const le = `le="${limit === Infinity ? "+Inf" : limit}"`;
    return { suffix: "_bucket", labels: labels === "" ? le : `${le},${labels}`, value: count };
  });
  return [...buckets, { suffix: "_sum", labels, value: sum }, { suffix: "_count", labels, value: count }];
}
