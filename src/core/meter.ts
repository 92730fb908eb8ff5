/** Counters and durations, by fixed names; the process decides where they go. */
export interface Meter {
  count(name: CounterName, labels: Readonly<Record<string, string>>, by?: number): void;
  observe(name: DurationName, labels: Readonly<Record<string, string>>, ms: number): void;
}

export type CounterName =
  | "deliveries"
  | "callbacks"
  | "handled"
  | "attempts_failed"
  | "parked"
  | "dropped"
  | "confirmed"
  | "receipts_dead"
  | "never_returned"
  | "calls"
  | "crashes"
  | "locks_lost";
export type DurationName = "handler_ms" | "pull_ms" | "confirm_ms";
