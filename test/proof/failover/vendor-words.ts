/** The questions to the vendor's process, and its answers. */
import { z } from "zod";

export const Terms = z.object({
  secretId: z.string(),
  secretKey: z.string(),
  windowMs: z.number(),
  longPollMs: z.number(),
  callsPerSecond: z.number(),
  /** The most confirmed events that the vendor remembers. */
  historyLimit: z.number(),
  /** The pause between two tries of a callback. */
  pauseMs: z.number(),
});
export type Terms = z.infer<typeof Terms>;

/** Every second event is pulled, the others are pushed. */
export const Publishing = z.object({
  count: z.number(),
  perSecond: z.number(),
  /** The time that the handler of each event takes. */
  handlerMs: z.number(),
});
export type Publishing = z.infer<typeof Publishing>;

/** The vendor's record of an event that it was pulled from. Times are UNIX milliseconds. */
export const Pulled = z.object({
  key: z.string(),
  state: z.string(),
  deliveries: z.array(z.object({ at: z.number(), until: z.number() })),
  confirmedAt: z.number().optional(),
});
export type Pulled = z.infer<typeof Pulled>;

/** The vendor's record of an event that it pushed. It gives an event up that is not answered 200. */
export const Pushed = z.object({ key: z.string(), isTaken: z.boolean() });
export type Pushed = z.infer<typeof Pushed>;

const Counts = z.object({
  published: z.number(),
  confirmed: z.number(),
  unconfirmed: z.number(),
  lost: z.number(),
});

/** The counts of the vendor's two doors. A confirmed callback was answered 200, a lost one never was. */
export const VendorCounts = z.object({ pulled: Counts, pushed: Counts });
export type VendorCounts = z.infer<typeof VendorCounts>;
