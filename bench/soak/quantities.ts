/** What must not grow, and how much of it would be no leak. */
import type { Sample } from "./soak.ts";
import type { Allowance } from "./trend.ts";

export type Quantity = {
  readonly name: string;
  /** Undefined in a sample that did not look. */
  readonly of: (sample: Sample) => number | undefined;
  /** Missing where it is only told. */
  readonly allowance?: Allowance;
  readonly digits?: number;
};

const MB = 1024 * 1024;

/**
 * Code that is compiled late, tables that double, a fuller hour of the noise: a heap of 40 MB moves by 1 or 2 MB without a
 * leak. In 10 minutes at 500/s that would be 10 bytes per event; a leak is a few hundred.
 */
const MEMORY = { absolute: 1, relative: 0.03 };
/** As with the memory that they fill. */
const ANYTHING = { absolute: 5_000, relative: 0.03 };
/** Live and die with the events under way, whose number is noise; one kept per 1,000 events makes 225 in 10 minutes at 500/s. */
const OBJECTS = { absolute: 20, relative: 0.05 };
/** Pools open one more and close it again. */
const HANDLES = { absolute: 5, relative: 0 };
/** At 500/s the ledger's grace alone holds 7,500. */
const KEYS = { absolute: 50, relative: 0.03 };

export const QUANTITIES: readonly Quantity[] = [
  { name: "heap in use, MB", of: ({ worker }) => worker.heapBytes / MB, allowance: MEMORY, digits: 3 },
  { name: "beside the heap, MB", of: ({ worker }) => worker.externalBytes / MB, allowance: MEMORY, digits: 3 },
  { name: "RSS, MB", of: ({ worker }) => worker.rssBytes / MB, digits: 3 },
  { name: "objects", of: ({ worker }) => worker.census?.objects, allowance: ANYTHING },
  { name: "promises", of: ({ worker }) => worker.census?.promises, allowance: OBJECTS },
  { name: "emitters", of: ({ worker }) => worker.census?.emitters, allowance: OBJECTS },
  { name: "abort signals", of: ({ worker }) => worker.census?.signals, allowance: OBJECTS },
  { name: "listeners", of: ({ worker }) => worker.census?.listeners, allowance: OBJECTS },
  { name: "timers", of: ({ worker }) => worker.census?.timers, allowance: OBJECTS },
  { name: "timers that are waited for", of: ({ worker }) => worker.activeTimers, allowance: OBJECTS },
  { name: "file descriptors", of: ({ worker }) => worker.descriptors, allowance: HANDLES },
  { name: "sockets", of: ({ worker }) => worker.sockets, allowance: HANDLES },
  { name: "Redis, MB", of: ({ redis }) => redis.usedBytes / MB, allowance: MEMORY, digits: 3 },
  { name: "Redis keys: records", of: ({ redis }) => redis.records, allowance: KEYS },
  { name: "  pushes", of: ({ redis }) => redis.pushes, allowance: KEYS },
  { name: "  jobs", of: ({ redis }) => redis.jobs, allowance: KEYS },
  { name: "  of these to be done", of: ({ redis }) => redis.openJobs, allowance: KEYS },
  { name: "  all others", of: ({ redis }) => redis.otherKeys, allowance: HANDLES },
  { name: "receipts in the ledger", of: ({ redis }) => redis.receipts, allowance: KEYS },
  { name: "owed", of: ({ redis }) => redis.owed, allowance: KEYS },
  { name: "handled, unconfirmed", of: ({ redis }) => redis.handled, allowance: KEYS },
  { name: "unconfirmed at the vendors", of: ({ vendors }) => vendors.unconfirmed, allowance: KEYS },
];
