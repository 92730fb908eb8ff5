/** What the parts of a soak are told, and what they answer. */
import { z } from "zod";
import { Census } from "./census.ts";

export const Vendors = z.object({
  /** Settings with which a worker takes their events. */
  env: z.record(z.string(), z.string()),
  /** Takes what is forwarded. */
  sinkUrl: z.string(),
});
export type Vendors = z.infer<typeof Vendors>;

/** Since the start, by all doors. */
export const VendorCounts = z.object({
  published: z.number(),
  /** What was pushed counts once it was taken. */
  confirmed: z.number(),
  unconfirmed: z.number(),

  redelivered: z.number(),
  /** Of handlers, as told to them. */
  failures: z.number(),
  /** Pushes that were given up. */
  lostPushes: z.number(),
  faults: z.number(),
  /** How often publishing had to pause, since too much was unconfirmed. */
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
  census: Census,
  /** The process's own, such as of too many listeners. */
  warnings: z.array(z.string()),
  /** Lines of the log that want a person. */
  errors: z.number(),
});
export type WorkerState = z.infer<typeof WorkerState>;

export const Tallied = z.object({
  missing: z.number(),
  again: z.number(),
  failures: z.number(),
  /** Why runs failed that had no order to. */
  surprises: z.array(z.string()),
});
export type Tallied = z.infer<typeof Tallied>;
