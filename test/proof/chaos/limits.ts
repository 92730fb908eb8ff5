/** Of the chaos run's handler: events of one key, what stands before a colon, have an order. */
export const LIMITS = { concurrency: 40, isOrdered: true, batch: { size: 8, lingerMs: 500 } };
