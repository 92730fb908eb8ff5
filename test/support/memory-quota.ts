import { Pace } from "../../src/core/pace.ts";

/** Grants at most `perSecond` turns in any second. */
export class MemoryQuota {
  readonly #granted: number[] = [];
  readonly #pace = new Pace(1_000);

  /** The time at which a turn requested at `at` may be used. */
  grant(at: number, perSecond: number): number {
    this.#pace.note(at);
    const granted = Math.max(at, (this.#granted.at(-perSecond) ?? -Infinity) + 1000);
    this.#granted.push(granted);
    if (this.#granted.length > perSecond) this.#granted.shift();
    return granted;
  }

  /** The number of turns requested in about the last second. */
  calls(at: number): number {
    return this.#pace.perSecond(at);
  }
}
