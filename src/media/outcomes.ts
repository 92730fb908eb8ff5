import type { CallbackEvent } from "../core/event.ts";
import type { Outcome } from "../vendors/parsing/outcome.ts";
import { vendorCalled } from "./readers.ts";

/** The state of the work that the event reports, for every vendor. Undefined if the event does not report it. */
export function outcomeOf({
  vendor,
  type,
  body,
}: Pick<CallbackEvent, "vendor" | "type" | "body">): Outcome | undefined {
  return vendorCalled(vendor)?.outcomeOf(type, body);
}
