import type { CounterName, DurationName } from "./metric-names.ts";

/** Counters and durations, by fixed names; the process decides where they go. */
export interface Meter {
  count(name: CounterName, labels: Readonly<Record<string, string>>, by?: number): void;
  observe(name: DurationName, labels: Readonly<Record<string, string>>, ms: number): void;
}
