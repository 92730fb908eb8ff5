import type { CounterName, DurationName } from "./metric-names.ts";

/** Counters and durations, by fixed names; the process decides where they go. */
export interface Meter {
  count(name: CounterName, labels: Readonly<Record<string, string>>, by?: number): void;
  /**
   * `value`: in ms, or a share in thousandths. `types`: the types of the events that share the value, if there are
   * several.
   */
  observe(name: DurationName, labels: Readonly<Record<string, string>>, value: number, types?: Iterable<string>): void;
}
