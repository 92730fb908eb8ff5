import type { CallbackEvent } from "./event.ts";
import type { Meter } from "./meter.ts";

/** How long an event waited whose first attempt begins now. Clocks of two machines may differ: it is for people alone. */
export function noteWait(meter: Meter, { source, type, receivedAt }: CallbackEvent): void {
  const waitedMs = Date.now() - Date.parse(receivedAt);
  if (waitedMs >= 0) meter.observe("queue_ms", { source, type }, waitedMs);
}
