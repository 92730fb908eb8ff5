/** An event of the soak carries a plan in its body: how often its handler fails, and how long it takes. */
import { z } from "zod";

export const EventPlan = z.object({
  /** The number of the event, counted over all doors. */
  n: z.number(),
  /** How often the handler throws before it succeeds. */
  failures: z.number(),
  takesMs: z.number(),
  /** The event is forwarded to a URL by the built-in handler. */
  forwards: z.boolean(),
});
export type EventPlan = z.infer<typeof EventPlan>;

export const DOORS = ["tencent-vod", "alibaba-mns", "aws-sqs", "tencent-vod-push"] as const;
export type Door = (typeof DOORS)[number];

/** One of so many events of the door fails, or outlives its window. Infinity means never. */
type Rates = { readonly fails: number; readonly outlives: number };

/** At 500/s, about 20 handlers of Tencent's events and 10 of MNS's outlive their window at any time. */
const RATES: Readonly<Record<Door, Rates>> = {
  "tencent-vod": { fails: 100, outlives: 1_000 },
  "alibaba-mns": { fails: 10, outlives: 40 },
  "aws-sqs": { fails: 10, outlives: Infinity },
  "tencent-vod-push": { fails: 10, outlives: Infinity },
};
const SLOW = { every: 50, ms: 200 };
const FORWARDS_EVERY = 25;
/** The handler takes longer than the window. Tencent redelivers the event, and MNS prolongs its window. */
const OUTLIVES_WINDOW = 1.4;

export function planOf(door: Door, nth: number, n: number, windowMs: number): EventPlan {
  const { fails, outlives } = RATES[door];
  const slowMs = isEvery(SLOW.every, nth) ? SLOW.ms : 0;
  return {
    n,
    failures: isEvery(fails, nth + 1) ? 1 : 0,
    takesMs: isEvery(outlives, nth) ? windowMs * OUTLIVES_WINDOW : slowMs,
    forwards: isEvery(FORWARDS_EVERY, nth + 2),
  };
}

function isEvery(count: number, nth: number): boolean {
  return nth % count === count - 1;
}
