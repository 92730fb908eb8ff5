/** Measures events per second over the last `ms`. Older events count less. */
export class Pace {
  readonly #ms: number;
  #count = 0;
  #at = 0;

  constructor(ms: number) {
    this.#ms = ms;
  }

  note(at = performance.now()): void {
    this.#count = this.#faded(at) + 1;
    this.#at = at;
  }

  perSecond(at = performance.now()): number {
    return (1_000 * this.#faded(at)) / this.#ms;
  }

  #faded(at: number): number {
    return faded(this.#count, at - this.#at, this.#ms);
  }
}

/** A count decays: about a third is left after `ms`, a twentieth after three times as long. */
export function faded(count: number, agoMs: number, ms: number): number {
  return count * Math.exp(-Math.max(0, agoMs) / ms);
}
