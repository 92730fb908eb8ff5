import { Pace } from "../../src/core/pace.ts";

/** Never more than `perSecond` turns in any second. */
export class MemoryQuota {
  readonly #granted: number[] = [];
  readonly #pace = new Pace(1_000);

  /** When the turn that is asked for at `at` may be used. */
  grant(at: number, perSecond: number): number {
    this.#pace.note(at);
    const granted = Math.max(at, (this.#granted.at(-perSecond) ?? -Infinity) + 1000);
    this.#granted.push(granted);
    if (this.#granted.length > perSecond) this.#granted.shift();
    return granted;
  }

  /** How many were asked for in about the last second. */
  calls(at: number): number {
    return this.#pace.perSecond(at);
  }
}
