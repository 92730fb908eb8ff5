/** Counts calls by their outcome. */
export class CallCounts {
  readonly #calls = new Map<string, number>();
  readonly #outcomes = new Map<string, number>();
  readonly #thisSecond = new Map<string, number>();
  #second = 0;

  started(action: string): void {
    add(this.#calls, action);
  }

  ended(outcome: string): void {
    add(this.#outcomes, outcome);
  }

  /** The number of calls that counted against this quota in the current second, this call included. */
  withinSecond(quota: string): number {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.#second) this.#thisSecond.clear();
    this.#second = second;
    return add(this.#thisSecond, quota);
  }

  totals(): { readonly calls: Readonly<Record<string, number>>; readonly outcomes: Readonly<Record<string, number>> } {
    return { calls: Object.fromEntries(this.#calls), outcomes: Object.fromEntries(this.#outcomes) };
  }
}

function add(counts: Map<string, number>, name: string): number {
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  return count;
}
