/** The desk's words for machines and pages: what `/api/...` answers. The schemas are the contract; `openapi.json` holds them. */
import { z } from "zod";
import { EVENT_STATES } from "../core/event-states.ts";
import { HELD_FOR, type Held as HeldEvent } from "../core/limits.ts";

const Time = z.iso.datetime();
const Count = z.number().int().nonnegative();

export const Held = z.object({
  what: z.enum(HELD_FOR),
  handler: z.string(),
  /** For `key`: its key, and the first event before it. */
  key: z.string().exactOptional(),
  after: z.string().exactOptional(),
}) satisfies z.ZodType<HeldEvent>;

export const DeskEvent = z.object({
  id: z.string(),
  vendor: z.string(),
  source: z.string(),
  door: z.enum(["pull", "push"]),
  type: z.string(),
  state: z.enum(EVENT_STATES),
  /** Ids of files, tasks, jobs, sessions. */
  subjects: z.array(z.string()).readonly(),
  firstSeen: Time,
  deliveries: Count,
  attempts: Count,
  /** The last attempt's. */
  error: z.string().exactOptional(),
  /** When it was parked. */
  parkedAt: Time.exactOptional(),
  handledAt: Time.exactOptional(),
  confirmedAt: Time.exactOptional(),
  /** The replica that ran it last. */
  worker: z.string().exactOptional(),
  /** When its vendor forgets it, unless it is confirmed before. */
  expiresAt: Time.exactOptional(),
  /** What holds it, while it waits for a limit of its handler; see `core/limits.ts`. */
  heldFor: Held.exactOptional(),
  /** The event in whose batch it runs. */
  inBatchOf: z.string().exactOptional(),
});
export type DeskEvent = z.infer<typeof DeskEvent>;

const LIFE_KINDS = ["delivered", "attempt", "confirming", "action"] as const;

const LifeEntry = z.object({
  at: Time,
  /** `delivered`: it arrived; `attempt`: its handler ran; `confirming`: its vendor was told; `action`: a person acted. */
  what: z.enum(LIFE_KINDS),
  /** The replica, or the person. */
  by: z.string().exactOptional(),
  /** Of an attempt. */
  endedAt: Time.exactOptional(),
  error: z.string().exactOptional(),
  /** The outcome, the vendor's answer, or the action. */
  result: z.string().exactOptional(),
  /** So many calls in a row had this answer. */
  calls: Count.exactOptional(),
  /** The receipt's end. */
  receipt: z.string().exactOptional(),
});

export type LifeEntry = z.infer<typeof LifeEntry>;

export const EventWithLife = DeskEvent.extend({
  /** The body that its vendor sent. Missing once its job is gone, as are the stack, the lines and the progress. */
  body: z.record(z.string(), z.unknown()).exactOptional(),
  life: z.array(LifeEntry).readonly(),
  /** Missing for one that came once. */
  lastDelivery: Time.exactOptional(),
  /** Until then the vendor certainly waits for the receipt; after that it may deliver the event again. */
  receiptUntil: Time.exactOptional(),
  /** Of one between two attempts. */
  nextAttemptAt: Time.exactOptional(),
  /** Of the last error, with its causes. */
  stack: z.string().exactOptional(),
  /** Kept until the event is handled. One that is not done runs, or its process ended; `seenAt`: its last sign of life. */
  steps: z
    .array(z.object({ name: z.string(), isDone: z.boolean(), seenAt: Time.exactOptional() }))
    .readonly()
    .exactOptional(),
  /** The last ones that its handler logged. */
  lines: z.array(z.string()).readonly().exactOptional(),
  /** As its handler reported it. */
  progress: z.unknown().exactOptional(),
  /** Other events with one of its subjects: open ones first, then the newest. Missing where it names none. */
  neighbours: z.array(DeskEvent).readonly().exactOptional(),
  /** False if there are more, or if looking for them took too long. */
  areAllNeighbours: z.boolean().exactOptional(),
});
export type EventWithLife = z.infer<typeof EventWithLife>;

export const EventPage = z.object({
  events: z.array(DeskEvent).readonly(),
  /** Asks for the next page. Missing on the last one. */
  cursor: z.string().exactOptional(),
});
export type EventPage = z.infer<typeof EventPage>;

const Group = z.object({
  type: z.string(),
  /** Without what differs from event to event. */
  error: z.string(),
  count: Count,
  /** Of these, parked in the last hour. */
  lastHour: Count,
  /** When the first and the last of them first arrived. */
  oldest: Time,
  newest: Time,
  /** When the first of them is forgotten by its vendor. Missing where none waits there. */
  expiresAt: Time.exactOptional(),
  /** The oldest one. */
  sample: DeskEvent,
});
export type Group = z.infer<typeof Group>;

/** Names a group. */
export type GroupKey = Pick<Group, "type" | "error">;

export const SERIES_COUNTS = ["in", "handled", "failed", "parked", "confirmed"] as const;

/** Half of all were no longer, and 95 % of all; a little too high: by at most 42 %. */
const Spread = z.object({ p50: z.number(), p95: z.number() });

const Spreads = z.object({
  /** From an event's taking in to the start of its first attempt, in ms. */
  queueMs: Spread.exactOptional(),
  /** Of one attempt. */
  handlerMs: Spread.exactOptional(),
  /** From its success to the start of the call that confirms it. */
  lingerMs: Spread.exactOptional(),
  /** Of one confirmation call. */
  confirmMs: Spread.exactOptional(),
  /** The share of the confirm window since the last delivery that was over when the vendor took the receipt. */
  windowUsed: Spread.exactOptional(),
});
export type Spreads = z.infer<typeof Spreads>;

const Point = z.object({ at: Time, in: Count, handled: Count, failed: Count, parked: Count, confirmed: Count });

export const SERIES_RANGES = ["15m", "3h", "2d"] as const;

export const Series = z.object({
  range: z.enum(SERIES_RANGES),
  stepMs: Count,
  /** The oldest first. The last one is not over. */
  points: z.array(Point).readonly(),
  /** Over the whole range, the busiest first. `failed` counts attempts. */
  types: z
    .array(
      Spreads.extend({
        type: z.string(),
        handled: Count,
        failed: Count,
        parked: Count,
        /** Of the last five minutes, or of the last step that is over. So are all rates. */
        handledPerMinute: z.number(),
      }),
    )
    .readonly(),
  sources: z
    .array(
      Spreads.extend({
        source: z.string(),
        in: Count,
        handled: Count,
        failed: Count,
        confirmed: Count,
        inPerMinute: z.number(),
        confirmedPerMinute: z.number(),
        /** When the last new event came in, whenever that was; 15 seconds late. */
        lastEventAt: Time.exactOptional(),
      }),
    )
    .readonly(),
  /** Where callbacks come in, by the source of their events. `answered`: calls that heard 200, for known events too. */
  receivers: z
    .array(
      z.object({
        source: z.string(),
        in: Count,
        answered: Count,
        inPerMinute: z.number(),
        answeredPerMinute: z.number(),
        lastEventAt: Time.exactOptional(),
      }),
    )
    .readonly(),
});
export type Series = z.infer<typeof Series>;

export const Groups = z.object({ groups: z.array(Group).readonly() });

/** How far the history reaches back. */
export const Reach = z.object({ events: Count, since: Time.exactOptional() });
export type Reach = z.infer<typeof Reach>;
