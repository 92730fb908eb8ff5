/** Exponential with full jitter in its upper half, so that those who failed together do not return together. */
export function backoffMs(
  failures: number,
  { minMs, maxMs }: { readonly minMs: number; readonly maxMs: number },
): number {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 40));
  return Math.round(ceiling * (0.5 + Math.random() / 2));
}
