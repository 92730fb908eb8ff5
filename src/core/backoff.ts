type BackoffOptions = {
  readonly minMs: number;
  readonly maxMs: number;
  /** From 0 to 1. */
  readonly chance?: (() => number) | undefined;
};

/** Exponential, with full jitter in the upper half. Clients that failed together then do not return together. */
export function backoffMs(failures: number, { minMs, maxMs, chance = Math.random }: BackoffOptions): number {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 40));
  return Math.round(ceiling * (0.5 + chance() / 2));
}
