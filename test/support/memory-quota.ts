/** Never more than `perSecond` turns in any second. */
export class MemoryQuota {
  readonly #granted: number[] = [];

  /** When the turn that is asked for at `at` may be used. */
  grant(at: number, perSecond: number): number {
    const granted = Math.max(at, (this.#granted.at(-perSecond) ?? -Infinity) + 1000);
    this.#granted.push(granted);
    if (this.#granted.length > perSecond) this.#granted.shift();
    return granted;
  }
}
