/** How often each event was handled, in one piece of memory of a fixed size: this must not look like a leak itself. */
export class Tally {
  readonly #successes: Uint8Array;
  #failures = 0;

  constructor(capacity: number) {
    this.#successes = new Uint8Array(capacity);
  }

  failed(): void {
    this.#failures += 1;
  }

  succeeded(n: number): void {
    const before = this.#successes[n];
    if (before === undefined)
      throw new RangeError(`event ${n} is beyond the ${this.#successes.length} that were expected`);
    this.#successes[n] = Math.min(before + 1, 255);
  }

  /** Of the first `published` events. */
  read(published: number): { readonly missing: number; readonly again: number; readonly failures: number } {
    const counts = this.#successes.subarray(0, published);
    return {
      missing: counts.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0),
      again: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
      failures: this.#failures,
    };
  }
}
