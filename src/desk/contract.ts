/** The desk's words for machines and pages: what `/api/...` answers. The schemas are the contract; `openapi.json` holds them. */
import { z } from "zod";
import { EVENT_STATES } from "../core/event-states.ts";
import { HELD_FOR, type Held as HeldEvent } from "../core/limits.ts";

const Time = z.iso.datetime();
const Count = z.number().int().nonnegative();

export const Held = z.object({
  what: z.enum(HELD_FOR),
  handler: z.string(),
  /** For `key`: the order key, and the first event before this one. */
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
  /** The error of the last attempt. */
  error: z.string().exactOptional(),
  /** When it was parked. */
  parkedAt: Time.exactOptional(),
  handledAt: Time.exactOptional(),
  confirmedAt: Time.exactOptional(),
  /** The replica that last ran it. */
  worker: z.string().exactOptional(),
  /** When its vendor forgets it, unless it is confirmed first. */
  expiresAt: Time.exactOptional(),
  /** The limit of its handler that holds it, while it waits for one. See `core/limits.ts`. */
  heldFor: Held.exactOptional(),
  /** The event in whose batch it runs. */
  inBatchOf: z.string().exactOptional(),
});
export type DeskEvent = z.infer<typeof DeskEvent>;

const LIFE_KINDS = ["delivered", "attempt", "confirming", "action"] as const;

const LifeEntry = z.object({
  at: Time,
  /**
   * `delivered`: it arrived. `attempt`: its handler ran. `confirming`: its vendor was told. `action`: a person acted.
   */
  what: z.enum(LIFE_KINDS),
  /** The replica or the person. */
  by: z.string().exactOptional(),
  /** Only for an attempt. */
  endedAt: Time.exactOptional(),
  error: z.string().exactOptional(),
  /** The outcome, the vendor's answer, or the action. */
  result: z.string().exactOptional(),
  /** How many calls in a row had this answer. */
  calls: Count.exactOptional(),
  /** The last letters of the receipt. */
  receipt: z.string().exactOptional(),
});

export type LifeEntry = z.infer<typeof LifeEntry>;

export const EventWithLife = DeskEvent.extend({
  /**
   * The body that its vendor sent. Missing once its job is gone. The stack, the lines and the progress are then missing
   * too.
   */
  body: z.record(z.string(), z.unknown()).exactOptional(),
  life: z.array(LifeEntry).readonly(),
  /** Missing if the event was delivered only once. */
  lastDelivery: Time.exactOptional(),
  /** Until then the vendor certainly waits for the receipt. After that it may deliver the event again. */
  receiptUntil: Time.exactOptional(),
  /** Only between two attempts. */
  nextAttemptAt: Time.exactOptional(),
  /** The stack of the last error, with its causes. */
  stack: z.string().exactOptional(),
  /**
   * Kept until the event is handled. A step that is not done is running, or its process ended. `seenAt`: its last sign
   * of life.
   */
  steps: z
    .array(z.object({ name: z.string(), isDone: z.boolean(), seenAt: Time.exactOptional() }))
    .readonly()
    .exactOptional(),
  /** The last lines that its handler logged. */
  lines: z.array(z.string()).readonly().exactOptional(),
  /** As its handler reported it. */
  progress: z.unknown().exactOptional(),
  /** Other events with one of its subjects: open ones first, then the newest. Missing if it has no subjects. */
  neighbours: z.array(DeskEvent).readonly().exactOptional(),
  /** False if there are more, or if looking for them took too long. */
  areAllNeighbours: z.boolean().exactOptional(),
});
export type EventWithLife = z.infer<typeof EventWithLife>;

export const EventPage = z.object({
  events: z.array(DeskEvent).readonly(),
  /** Requests the next page. Missing on the last one. */
  cursor: z.string().exactOptional(),
});
export type EventPage = z.infer<typeof EventPage>;

const Group = z.object({
  type: z.string(),
  /** The error without the details that differ from event to event. */
  error: z.string(),
  count: Count,
  /** How many of them were parked in the last hour. */
  lastHour: Count,
  /** When the first and the last of them first arrived. */
  oldest: Time,
  newest: Time,
  /** When its vendor forgets the first of them. Missing if no vendor keeps any of them. */
  expiresAt: Time.exactOptional(),
  /** The oldest of these events. */
  sample: DeskEvent,
});
export type Group = z.infer<typeof Group>;

/** Names a group. */
export type GroupKey = Pick<Group, "type" | "error">;

export const SERIES_COUNTS = ["in", "handled", "failed", "parked", "confirmed"] as const;

/** Half of the values are at most `p50`, and 95 % at most `p95`. Both are up to 42 % too high. */
const Spread = z.object({ p50: z.number(), p95: z.number() });

const Spreads = z.object({
  /** From taking an event in to the start of its first attempt, in ms. */
  queueMs: Spread.exactOptional(),
  /** The duration of one attempt. */
  handlerMs: Spread.exactOptional(),
  /** From the handler's success to the start of the confirming call. */
  lingerMs: Spread.exactOptional(),
  /** The duration of one confirmation call. */
  confirmMs: Spread.exactOptional(),
  /**
   * The share of the confirm window, counted from the last delivery, that had passed when the vendor took the receipt.
   */
  windowUsed: Spread.exactOptional(),
});
export type Spreads = z.infer<typeof Spreads>;

const Point = z.object({ at: Time, in: Count, handled: Count, failed: Count, parked: Count, confirmed: Count });

export const SERIES_RANGES = ["15m", "3h", "2d"] as const;

export const Series = z.object({
  range: z.enum(SERIES_RANGES),
  stepMs: Count,
  /** The oldest comes first. The last one is still running. */
  points: z.array(Point).readonly(),
  /** Over the whole range, the busiest first. `failed` counts attempts. */
  types: z
    .array(
      Spreads.extend({
        type: z.string(),
        handled: Count,
        failed: Count,
        parked: Count,
        /** Over the last five minutes, or over the last complete step. The same holds for all rates. */
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
        /** When the last new event came in, however long ago. Up to 15 seconds late. */
        lastEventAt: Time.exactOptional(),
      }),
    )
    .readonly(),
  /**
   * The receivers of callbacks, by the source of their events. `answered`: calls answered with 200, repeated events
   * included.
   */
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
