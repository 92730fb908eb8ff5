import type { CallbackEvent } from "./event.ts";
import type { Meter } from "./meter.ts";

/**
 * Measures how long an event waited for its first attempt. The value is only shown, because the clocks of two machines
 * may differ.
 */
export function noteWait(meter: Meter, { source, type, receivedAt }: CallbackEvent): void {
  const waitedMs = Date.now() - Date.parse(receivedAt);
  if (waitedMs >= 0) meter.observe("queue_ms", { source, type }, waitedMs);
}
