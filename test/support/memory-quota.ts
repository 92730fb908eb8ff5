import { faded } from "../../src/core/pace.ts";

/** Never more than `perSecond` turns in any second. */
export class MemoryQuota {
  readonly #granted: number[] = [];
  #calls = 0;
  #at = 0;

  /** When the turn that is asked for at `at` may be used. */
  grant(at: number, perSecond: number): number {
    this.#calls = this.calls(at) + 1;
    this.#at = at;
    const granted = Math.max(at, (this.#granted.at(-perSecond) ?? -Infinity) + 1000);
    this.#granted.push(granted);
    if (this.#granted.length > perSecond) this.#granted.shift();
    return granted;
  }

  /** How many were asked for in about the last second. */
  calls(at: number): number {
    return faded(this.#calls, at - this.#at, 1_000);
  }
}
