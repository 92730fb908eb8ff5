/** How many calls came, what became of them, and whether one more is within the quota. */
import { type Action } from "./settings.ts";

/** The vendor's own rates of these two; all others have 100. */
const SLOW_ACTIONS = new Map<Action, number>([
  ["DescribeEventsState", 20],
  ["ModifyEventConfig", 20],
]);

export class CallCounts {
  readonly #calls = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();
  readonly #thisSecond = new Map<Action, { second: number; calls: number }>();

  /** Counts one call against the quota of its second; says by how much it is over. */
  overQuota(action: Action, callsPerSecond: number): { readonly calls: number; readonly limit: number } | undefined {
    const second = Math.floor(Date.now() / 1000);
    const last = this.#thisSecond.get(action);
    const calls = last?.second === second ? last.calls + 1 : 1;
    this.#thisSecond.set(action, { second, calls });
    const limit = Math.min(callsPerSecond, SLOW_ACTIONS.get(action) ?? callsPerSecond);
    return callsPerSecond > 0 && calls > limit ? { calls, limit } : undefined;
  }

  started(action: Action | "unknown"): void {
    this.#calls.set(action, (this.#calls.get(action) ?? 0) + 1);
  }

  ended(outcome: string): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }

  totals(): { readonly calls: Readonly<Record<string, number>>; readonly outcomes: Readonly<Record<string, number>> } {
    return { calls: Object.fromEntries(this.#calls), outcomes: Object.fromEntries(this.#outcomes) };
  }
}
