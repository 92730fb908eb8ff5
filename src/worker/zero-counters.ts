import type { Handler } from "../core/handler.ts";
import { SKIP_REASONS } from "../core/inbox.ts";
import type { Meter } from "../core/meter.ts";
import type { Receiver } from "../core/receiver.ts";
import type { SourceTerms } from "../core/source.ts";

const VERDICTS = ["add", "renew", "park", "confirm"];
const CALL_OUTCOMES = ["ok", "limit", "outage", "refused", "clock", "configuration", "error"];
const CALLBACK_OUTCOMES = ["taken", "forged", "failed", "busy", "full", "too-large", "cut-off"];
const DROPPED_WHY = ["unhandled", "parked", "discarded", "ended"];

export type Countable = {
  /** The sources. */
  readonly sources: readonly Pick<SourceTerms, "name" | "vendor">[];
  readonly receivers: readonly Pick<Receiver, "source" | "vendor">[];
  /** Whether the receivers are called in this process. */
  readonly takesCallbacks: boolean;
  /** The handlers of this process. */
  readonly handlers: readonly Pick<Handler, "vendor" | "type">[];
};

/**
 * Starts each counter with known labels at 0, because `increase()` misses the first event of a new series. A type that
 * only a catch-all handler takes starts with its first event.
 */
export function startAtZero(meter: Meter, { sources, receivers, takesCallbacks, handlers }: Countable): void {
  for (const { name: source } of sources) {
    for (const verdict of VERDICTS) meter.count("deliveries", { source, verdict }, 0);
    for (const why of SKIP_REASONS) meter.count("deliveries", { source, verdict: "skip", why }, 0);
    for (const action of ["pull", "confirm"])
      for (const outcome of CALL_OUTCOMES) meter.count("calls", { source, action, outcome }, 0);
    for (const name of ["confirmed", "receipts_dead", "never_returned"] as const) meter.count(name, { source }, 0);
  }
  for (const { vendor } of takesCallbacks ? receivers : [])
    for (const outcome of CALLBACK_OUTCOMES) meter.count("callbacks", { vendor, outcome }, 0);
  const all = [...sources.map(({ name, vendor }) => ({ source: name, vendor })), ...receivers];
  for (const { source, vendor } of all)
    for (const handler of handlers)
      if (handler.vendor === vendor || handler.vendor === "*") startTypeAtZero(meter, source, handler.type);
}

function startTypeAtZero(meter: Meter, source: string, type: string): void {
  if (type === "*") return;
  for (const name of ["handled", "attempts_failed", "stray_rejections", "parked"] as const)
    meter.count(name, { source, type }, 0);
  for (const why of DROPPED_WHY) meter.count("dropped", { source, type, why }, 0);
}
