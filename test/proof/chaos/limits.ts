/**
 * The limits of the chaos run's handler. Events with the same order key run in order. The part before the colon is the
 * key.
 */
export const LIMITS = { concurrency: 40, isOrdered: true, batch: { size: 8, lingerMs: 500 } };
