/** How many come per second: those of the last `ms`, of which each counts less the longer it is ago. */
export class Pace {
  readonly #ms: number;
  #count = 0;
  #at = 0;

  constructor(ms: number) {
    this.#ms = ms;
  }

  note(): void {
    this.#count = this.#faded() + 1;
    this.#at = performance.now();
  }

  get perSecond(): number {
    return (1_000 * this.#faded()) / this.#ms;
  }

  #faded(): number {
    return faded(this.#count, performance.now() - this.#at, this.#ms);
  }
}

/** What is left of a count after `agoMs`: a third of it after `ms`, a twentieth after three times as long. */
export function faded(count: number, agoMs: number, ms: number): number {
  return count * Math.exp(-Math.max(0, agoMs) / ms);
}
