/** Settings of a simulated account. They can be changed while it runs. */
import { z } from "zod";
import { type Optional, Milliseconds } from "../kit/settings.ts";

export const ACTIONS = [
  "PullEvents",
  "ConfirmEvents",
  "DescribeEventsState",
  "DescribeEventConfig",
  "ModifyEventConfig",
] as const;
export type Action = (typeof ACTIONS)[number];

export const SettingsSchema = z.strictObject({
  /** How long a pulled event stays hidden and its handle valid. */
  windowMs: Milliseconds,
  /** How long a pull of an empty queue is held. */
  longPollMs: Milliseconds,
  /** How long an unconfirmed event is kept. */
  retentionMs: Milliseconds,
  /** Per action and account; 0: unlimited. DescribeEventsState and ModifyEventConfig never get more than 20. */
  callsPerSecond: z.int().min(0),
  /** A redelivery carries a new handle, or the one of the first delivery. */
  handles: z.enum(["new", "same"]),
  /** The outcome of a ConfirmEvents call with a stale handle among good ones. */
  staleHandles: z.enum(["refuse-all", "take-good-refuse-call", "accept-silently"]),
  /** Empty: only the default application exists, and calls name none. Otherwise every call must name one of these. */
  subAppIds: z.array(z.int().positive()).readonly(),
  mode: z.enum(["PULL", "PUSH"]),
  switches: z.strictObject({ upload: z.boolean(), delete: z.boolean(), persistence: z.boolean() }),
  /** Actions the account has no permission for. */
  denied: z.array(z.enum(ACTIONS)).readonly(),
  /** Whether generated events carry the fields of all other event types as nulls, as the vendor's do. */
  nullFields: z.boolean(),
  /** How far the vendor's clock is ahead of this machine's. */
  clockOffsetMs: z.number(),
});

export type Settings = Readonly<z.infer<typeof SettingsSchema>>;

export const DEFAULT_SETTINGS: Settings = {
  windowMs: 30_000,
  longPollMs: 5_000,
  retentionMs: 4 * 24 * 3_600_000,
  callsPerSecond: 100,
  handles: "new",
  staleHandles: "refuse-all",
  subAppIds: [],
  mode: "PULL",
  switches: { upload: true, delete: true, persistence: true },
  denied: [],
  nullFields: true,
  clockOffsetMs: 0,
};

export type SettingsChange = Optional<Settings>;
