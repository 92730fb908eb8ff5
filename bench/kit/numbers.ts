import { z } from "zod";

export const MB = 1024 * 1024;

export const Quantiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() });
export type Quantiles = z.infer<typeof Quantiles>;

export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: at(sorted, 0.5), p95: at(sorted, 0.95), p99: at(sorted, 0.99) };
}

export function spreadOf(values: readonly number[]): { median: number; min: number; max: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (at(sorted, 0.5) + (sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN)) / 2;
  return { median: middle, min: at(sorted, 0), max: at(sorted, 1) };
}

/** The smallest value that has this share of all at or below it. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
