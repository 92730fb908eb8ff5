import type { CallbackEvent } from "../core/event.ts";
import type { Outcome } from "../vendors/parsing/outcome.ts";
import { vendorCalled } from "./readers.ts";

/** How the work stands that the event reports, whoever did it. Undefined where the event does not say. */
export function outcomeOf({
  vendor,
  type,
  body,
}: Pick<CallbackEvent, "vendor" | "type" | "body">): Outcome | undefined {
  return vendorCalled(vendor)?.outcomeOf(type, body);
}
