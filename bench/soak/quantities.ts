/** The quantities that must not grow, and the growth that is no leak. */
import { MB } from "../kit/numbers.ts";
import type { Sample } from "./stage.ts";
import type { Allowance } from "./trend.ts";

export type Quantity = {
  readonly name: string;
  readonly of: (sample: Sample) => number;
  /** Missing for quantities that are only reported. */
  readonly allowance?: Allowance;
  readonly digits?: number;
};

/**
 * Code is compiled late, and tables double in size. A heap of 40 MB moves by 1 or 2 MB without a leak. In 10 minutes at
 * 500/s that is 10 bytes per event. A leak is a few hundred.
 */
const MEMORY = { absolute: 1, relative: 0.03 };
/** In proportion to the memory that these objects fill. */
const ANYTHING = { absolute: 5_000, relative: 0.03 };
/**
 * These live as long as the events under way, whose number varies. A leak of one in 1,000 events makes 225 in 10
 * minutes at 500/s.
 */
const OBJECTS = { absolute: 100, relative: 0.02 };
/** A pool holds as many connections as were in use at once at the busiest time. A leak of one in 1,000 events makes 225. */
const HANDLES = { absolute: 20, relative: 0 };
/** As many as a busy machine may delay for a second. A leaked one is found after the drain. */
const UNDER_WAY = { absolute: 500, relative: 0.03 };

export const QUANTITIES: readonly Quantity[] = [
  { name: "heap in use, MB", of: ({ worker }) => worker.heapBytes / MB, allowance: MEMORY, digits: 3 },
  { name: "beside the heap, MB", of: ({ worker }) => worker.externalBytes / MB, allowance: MEMORY, digits: 3 },
  { name: "RSS, MB", of: ({ worker }) => worker.rssBytes / MB, digits: 3 },
  { name: "objects", of: ({ worker }) => worker.heapCounts.objects, allowance: ANYTHING },
  { name: "promises", of: ({ worker }) => worker.heapCounts.promises, allowance: OBJECTS },
  { name: "emitters", of: ({ worker }) => worker.heapCounts.emitters, allowance: OBJECTS },
  { name: "abort signals", of: ({ worker }) => worker.heapCounts.signals, allowance: OBJECTS },
  { name: "listeners", of: ({ worker }) => worker.heapCounts.listeners, allowance: OBJECTS },
  { name: "timers", of: ({ worker }) => worker.heapCounts.timers, allowance: OBJECTS },
  { name: "timers that are waited for", of: ({ worker }) => worker.activeTimers, allowance: OBJECTS },
  { name: "file descriptors", of: ({ worker }) => worker.descriptors, allowance: HANDLES },
  { name: "sockets", of: ({ worker }) => worker.sockets, allowance: HANDLES },
  { name: "Redis, MB", of: ({ redis }) => redis.usedBytes / MB, allowance: MEMORY, digits: 3 },
  { name: "Redis keys: records", of: ({ redis }) => redis.records, allowance: UNDER_WAY },
  { name: "  pushes", of: ({ redis }) => redis.pushes, allowance: UNDER_WAY },
  { name: "  jobs", of: ({ redis }) => redis.jobs, allowance: UNDER_WAY },
  { name: "  of these to be done", of: ({ redis }) => redis.openJobs, allowance: UNDER_WAY },
  { name: "  all others", of: ({ redis }) => redis.otherKeys, allowance: HANDLES },
  { name: "receipts in the ledger", of: ({ redis }) => redis.receipts, allowance: UNDER_WAY },
  { name: "unconfirmed", of: ({ redis }) => redis.unconfirmed, allowance: UNDER_WAY },
  { name: "handled, unconfirmed", of: ({ redis }) => redis.handled, allowance: UNDER_WAY },
  { name: "unconfirmed at the vendors", of: ({ vendors }) => vendors.unconfirmed, allowance: UNDER_WAY },
];
