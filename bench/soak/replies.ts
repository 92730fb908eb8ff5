/** Questions to the parts of a soak, and their answers. */
import { z } from "zod";
import { HeapCounts } from "./heap-counts.ts";

export const Vendors = z.object({
  /** The settings that a worker needs to receive their events. */
  env: z.record(z.string(), z.string()),
  /** The address that receives forwarded events. */
  sinkUrl: z.string(),
});
export type Vendors = z.infer<typeof Vendors>;

/** Counts since the start, over all doors. */
export const VendorCounts = z.object({
  published: z.number(),
  /** A pushed event counts as soon as it was taken. */
  confirmed: z.number(),
  unconfirmed: z.number(),

  redelivered: z.number(),
  /** The number of failures that events ordered from their handlers. */
  failures: z.number(),
  /** Pushes that the vendor gave up. */
  lostPushes: z.number(),
  faults: z.number(),
  /** The number of pauses in publishing because too many events were unconfirmed. */
  pauses: z.number(),
});
export type VendorCounts = z.infer<typeof VendorCounts>;

export const WorkerState = z.object({
  heapBytes: z.number(),
  externalBytes: z.number(),
  rssBytes: z.number(),
  descriptors: z.number(),
  sockets: z.number(),
  activeTimers: z.number(),
  heapCounts: HeapCounts,
  /** Warnings of the process, such as too many listeners. */
  warnings: z.array(z.string()),
  /** The number of error lines in the log. */
  errors: z.number(),
});
export type WorkerState = z.infer<typeof WorkerState>;

export const Tallied = z.object({
  missing: z.number(),
  again: z.number(),
  failures: z.number(),
  /** The reasons for failures that no event had ordered. */
  surprises: z.array(z.string()),
});
export type Tallied = z.infer<typeof Tallied>;
