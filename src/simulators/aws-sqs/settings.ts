/** Settings of a simulated account. They can be changed while it runs. */
import { z } from "zod";
import { type Optional, Milliseconds } from "../kit/settings.ts";

export const ACTIONS = [
  "ReceiveMessage",
  "DeleteMessageBatch",
  "ChangeMessageVisibility",
  "GetQueueAttributes",
] as const;
export type Action = (typeof ACTIONS)[number];

export const SettingsSchema = z.strictObject({
  queues: z
    .array(z.string().regex(/^[\w-]{1,80}$/))
    .min(1)
    .readonly(),
  /** How long a received message stays hidden. It replaces the time in the call: tests cannot wait for seconds. */
  visibilityMs: Milliseconds.optional(),
  /** How long a message is kept. */
  retentionMs: Milliseconds,
  /** The longest time for which an empty queue holds a call, whatever the call asks for. */
  longPollMs: Milliseconds,
  /** Calls that one queue holds at the same time. */
  longPolls: z.int().min(0),
  /** Actions that the key may not call. */
  denied: z.array(z.enum(ACTIONS)).readonly(),
  /** Attributes of every queue, beside its numbers or instead of them. */
  attributes: z.record(z.string(), z.string()).readonly(),
  /** How far the vendor's clock is ahead of this machine's. */
  clockOffsetMs: z.number(),
});

export type Settings = Readonly<z.infer<typeof SettingsSchema>>;

export const DEFAULT_SETTINGS: Settings = {
  queues: ["mediaconvert"],
  retentionMs: 4 * 24 * 3_600_000,
  longPollMs: 20_000,
  longPolls: 1_000,
  denied: [],
  attributes: {},
  clockOffsetMs: 0,
};

export type SettingsChange = Optional<Settings>;
