import type { CallbackEvent } from "../../core/event.ts";

/** One line of an archive. */
export function toRecord({ body, ...event }: CallbackEvent) {
  return { ...event, handledAt: new Date().toISOString(), event: body };
}
