/** The orders of an event to its handler. They are a field of the body, so that the worker needs to know nothing more. */
import { z } from "zod";

export const Errand = z.object({
  /** The event's number, over all doors. */
  n: z.number(),
  /** The handler throws this often before it succeeds. */
  failures: z.number(),
  takesMs: z.number(),
  /** The event is forwarded to a URL by the built-in handler. */
  forwards: z.boolean(),
});
export type Errand = z.infer<typeof Errand>;

export const DOORS = ["tencent-vod", "alibaba-mns", "aws-sqs", "tencent-vod-push"] as const;
export type Door = (typeof DOORS)[number];

/** Every nth event of the door. Infinity means never. */
type Course = { readonly fails: number; readonly outlives: number };

/** At 500/s, about 20 handlers of Tencent's events and 10 of MNS's outlive their window at any time. */
const COURSES: Readonly<Record<Door, Course>> = {
  "tencent-vod": { fails: 100, outlives: 1_000 },
  "alibaba-mns": { fails: 10, outlives: 40 },
  "aws-sqs": { fails: 10, outlives: Infinity },
  "tencent-vod-push": { fails: 10, outlives: Infinity },
};
const SLOW = { every: 50, ms: 200 };
const FORWARDS_EVERY = 25;
/** The handler takes longer than the window. Tencent redelivers the event, and MNS prolongs its window. */
const OUTLIVES_WINDOW = 1.4;

export function errandOf(door: Door, nth: number, n: number, windowMs: number): Errand {
  const { fails, outlives } = COURSES[door];
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
