import { z } from "zod";
import { Quantiles } from "./numbers.ts";

export const Cost = z.object({
  /** User and system time since the part began its work. */
  cpuSeconds: z.number(),
  /** The peak since the start of the process. */
  peakRssBytes: z.number(),
  /** The current value. Freed memory rarely goes back to the system, so the heap says more. */
  rssBytes: z.number(),
  /** The heap in use after a garbage collection. */
  heapBytes: z.number(),
});
export type Cost = z.infer<typeof Cost>;

/** CPU time and work of a part since its start, its warm-up included. */
export const Total = z.object({
  cpuSeconds: z.number(),
  /** The events or jobs that the part made. Missing where it makes none. */
  made: z.number().optional(),
});
export type Total = z.infer<typeof Total>;

export const Handled = z.object({
  runs: z.number(),
  /** The time from publishing to the handler's start. */
  startedAfterMs: Quantiles,
  /** The sum of the pauses in which no handler started. */
  idleMs: z.number(),
});
export type Handled = z.infer<typeof Handled>;

export const CallCounts = z.object({ pulls: z.number(), confirms: z.number() });
export type CallCounts = z.infer<typeof CallCounts>;

/** The vendor's counts. */
export const Seen = CallCounts.extend({
  /** The time from the first delivery to the last confirmation. */
  seconds: z.number(),
  delivered: z.number(),
  /** Calls that failed. An empty answer to a pull is no failure. */
  failedCalls: z.number(),
  /** The time from publishing to confirmation. */
  confirmedAfterMs: Quantiles,
});
export type Seen = z.infer<typeof Seen>;

/** The vendor's counts for events at a steady pace. */
export const Aged = CallCounts.extend({
  /** The longest time that any event was unconfirmed. */
  oldestMs: z.number(),
  confirmedAfterMs: Quantiles,
  /** The number of unconfirmed events when the last one was published. */
  unconfirmedAtEnd: z.number(),
});
export type Aged = z.infer<typeof Aged>;

/** The settings that a worker needs to receive the vendor's events. */
export const VendorEnv = z.record(z.string(), z.string());
export type VendorEnv = z.infer<typeof VendorEnv>;
