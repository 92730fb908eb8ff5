import { SKIP_REASONS } from "../core/inbox.ts";
import type { Meter } from "../core/meter.ts";

const VERDICTS = ["add", "renew", "park", "confirm"];
const CALL_OUTCOMES = ["ok", "limit", "outage", "refused", "clock", "configuration", "error"];
const CALLBACK_OUTCOMES = ["taken", "forged", "failed", "busy", "full", "too-large", "cut-off"];

/**
 * Begins each counter at 0 whose labels are known beforehand: `increase()` misses the first of a series that was not there.
 * Types of events are not known, so counters of types begin with the first.
 */
export function startAtZero(meter: Meter, sources: readonly string[], vendorsOfCallbacks: readonly string[]): void {
  for (const source of sources) {
    for (const verdict of VERDICTS) meter.count("deliveries", { source, verdict }, 0);
    for (const why of SKIP_REASONS) meter.count("deliveries", { source, verdict: "skip", why }, 0);
    for (const action of ["pull", "confirm"])
      for (const outcome of CALL_OUTCOMES) meter.count("calls", { source, action, outcome }, 0);
    for (const name of ["confirmed", "receipts_dead", "never_returned"] as const) meter.count(name, { source }, 0);
  }
  for (const vendor of vendorsOfCallbacks)
    for (const outcome of CALLBACK_OUTCOMES) meter.count("callbacks", { vendor, outcome }, 0);
}
