/** `reliable-callback/zegocloud`: everything that handlers of ZEGOCLOUD's events need. */
import { forEvents } from "../parsing/handler.ts";
import { VENDOR } from "./events/name.ts";
import { outcomeOf as read } from "./events/outcomes.ts";

export type { BatchEvent, BatchResult, OnBatchOptions } from "../parsing/batch-handler.ts";
export type { OnOptions } from "../parsing/handler.ts";
export type { Outcome, OutcomePart, OutcomeState } from "../parsing/outcome.ts";
export type { EventType, PayloadOf } from "./events/events.ts";
export { on, onBatch } from "./events/on.ts";

/** The state of the work that the event reports. Undefined where it does not say, and for another vendor's event. */
export const outcomeOf = forEvents(VENDOR, read);
