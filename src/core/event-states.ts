/**
 * The states of an event as people see them: on pages, in answers for machines, in metrics and docs.
 *
 * | state       | means |
 * | ----------- | ----- |
 * | `waiting`   | taken in, its handler has not begun |
 * | `running`   | its handler runs |
 * | `delayed`   | an attempt failed, the next one comes later |
 * | `parked`    | it failed for good, or nothing handles its type: it waits for a person |
 * | `handled`   | its handler succeeded, its vendor has not yet been told |
 * | `confirmed` | its vendor was told |
 * | `discarded` | a person gave it up |
 */
export const EVENT_STATES = ["waiting", "running", "delayed", "parked", "handled", "confirmed", "discarded"] as const;

/** Of an event that is not finished. */
export type OpenState = Exclude<(typeof EVENT_STATES)[number], "confirmed" | "discarded">;
