/** Virtual time: what is to happen, in order. Thousands of hours pass in a second. */
export class ModelTime {
  #now = 0;
  readonly #agenda: { readonly at: number; readonly run: () => void | Promise<void> }[] = [];

  readonly now = (): number => this.#now;

  after(ms: number, run: () => void | Promise<void>): void {
    const at = this.#now + ms;
    let index = this.#agenda.length;
    while (index > 0 && (this.#agenda[index - 1]?.at ?? at) < at) index -= 1;
    this.#agenda.splice(index, 0, { at, run });
  }

  /** Until `done`, or until `limitMs`; whether it was done. */
  async run(limitMs: number, done: () => boolean): Promise<boolean> {
    for (let next = this.#agenda.pop(); next && next.at <= limitMs; next = this.#agenda.pop()) {
      this.#now = next.at;
      await next.run();
      if (done()) return true;
    }
    return false;
  }
}

/** The same numbers for the same seed. */
export class ModelDice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, not including, `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }
}
