/** Settings of a simulated account. They can be changed while it runs. */
import { z } from "zod";
import { type Optional, Milliseconds } from "../kit/settings.ts";

export const ACTIONS = [
  "ReceiveMessage",
  "BatchReceiveMessage",
  "DeleteMessage",
  "BatchDeleteMessage",
  "ChangeMessageVisibility",
  "SendMessage",
  "GetQueueAttributes",
] as const;
export type Action = (typeof ACTIONS)[number];

export const SettingsSchema = z.strictObject({
  queues: z
    .array(z.string().regex(/^[\w-]{1,256}$/))
    .min(1)
    .readonly(),
  /** How long a received message stays hidden and its handle valid. */
  visibilityMs: Milliseconds,
  /** How long a message is kept. */
  retentionMs: Milliseconds,
  /** The longest time for which an empty queue holds a call, whatever the call asks for. */
  longPollMs: Milliseconds,
  /**
   * The most calls that one queue holds at the same time. Further calls are answered at once, as if they had not asked
   * to wait.
   */
  longPolls: z.int().min(0),
  /** Of all actions together; 0: unlimited. */
  callsPerSecond: z.int().min(0),
  /** Actions that the key may not call. */
  denied: z.array(z.enum(ACTIONS)).readonly(),
  /** How far the vendor's clock is ahead of this machine's. */
  clockOffsetMs: z.number(),
});

export type Settings = Readonly<z.infer<typeof SettingsSchema>>;

export const DEFAULT_SETTINGS: Settings = {
  queues: ["vod-events"],
  visibilityMs: 30_000,
  retentionMs: 4 * 24 * 3_600_000,
  longPollMs: 30_000,
  longPolls: 1_000,
  callsPerSecond: 0,
  denied: [],
  clockOffsetMs: 0,
};

export type SettingsChange = Optional<Settings>;
