/** The answers of parts. */
import { z } from "zod";
import { Quantiles } from "./numbers.ts";

export const Cost = z.object({
  /** User and system time since the part began with its work. */
  cpuSeconds: z.number(),
  /** The most it ever had. */
  peakRssBytes: z.number(),
  /** What it has now; the system gets little of it back, so the heap says more. */
  rssBytes: z.number(),
  /** What is in use after a garbage collection. */
  heapBytes: z.number(),
});
export type Cost = z.infer<typeof Cost>;

export const Handled = z.object({
  runs: z.number(),
  /** From being published to the handler's start. */
  startedAfterMs: Quantiles,
  /** Sum of the pauses in which no handler started. */
  idleMs: z.number(),
});
export type Handled = z.infer<typeof Handled>;

export const CallCounts = z.object({ pulls: z.number(), confirms: z.number() });
export type CallCounts = z.infer<typeof CallCounts>;

/** The vendor's account. */
export const Seen = CallCounts.extend({
  /** From the first delivery to the last confirmation. */
  seconds: z.number(),
  delivered: z.number(),
  /** Calls that were neither taken nor answered with "nothing there". */
  failedCalls: z.number(),
  /** From being published to being confirmed. */
  confirmedAfterMs: Quantiles,
});
export type Seen = z.infer<typeof Seen>;

/** The vendor's account of events that came at a pace. */
export const Aged = CallCounts.extend({
  /** The longest that one was unconfirmed. */
  oldestMs: z.number(),
  confirmedAfterMs: Quantiles,
  /** When the last was published. */
  unconfirmedAtEnd: z.number(),
});
export type Aged = z.infer<typeof Aged>;

/** Settings with which a worker takes the vendor's events. */
export const VendorEnv = z.record(z.string(), z.string());
export type VendorEnv = z.infer<typeof VendorEnv>;
