/**
 * The states of an event as people see them: on pages, in answers for machines, in metrics and docs.
 *
 * | state       | means |
 * | ----------- | ----- |
 * | `waiting`   | accepted; its handler has not started |
 * | `running`   | its handler runs |
 * | `delayed`   | an attempt failed, the next one comes later |
 * | `parked`    | it failed for good, or no handler takes its type: it waits for a person |
 * | `handled`   | its handler succeeded, but it is not yet confirmed at its vendor |
 * | `confirmed` | it is confirmed at its vendor |
 * | `discarded` | a person gave it up |
 */
export const EVENT_STATES = ["waiting", "running", "delayed", "parked", "handled", "confirmed", "discarded"] as const;

/**
 * The state of an open event at its vendor.
 *
 * | at its vendor | means |
 * | ------------- | ----- |
 * | `unconfirmed` | the vendor delivers the event until we confirm it |
 * | `due`         | the same; the confirmation is due or under way |
 * | `confirmed`   | the event is confirmed |
 * | `forgotten`   | the vendor dropped the event after its retention |
 * | `told`        | the vendor pushed the event, and got 200 |
 */
export type AtVendor = "unconfirmed" | "due" | "confirmed" | "forgotten" | "told";

/** Of an event that is not finished. */
export type OpenState = Exclude<(typeof EVENT_STATES)[number], "confirmed" | "discarded">;

/** An event that is not confirmed, or whose job failed for good, as the operator sees it. */
export type OpenEvent = {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly state: OpenState;
  readonly atVendor: AtVendor;
  readonly firstSeen: string;
  readonly attempts: number;
  readonly reason?: string;
};
