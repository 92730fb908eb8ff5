import type { Tallied } from "./replies.ts";

const MAX_SURPRISES = 5;

/** Counts how often each event was handled. The counts have a fixed size, so that they cannot look like a leak. */
export class Tally {
  readonly #successes: Uint8Array;
  readonly #planned: Uint8Array;
  readonly #surprises = new Set<string>();
  #failures = 0;

  constructor(capacity: number) {
    this.#successes = new Uint8Array(capacity);
    this.#planned = new Uint8Array(capacity);
  }

  /** The plan of the event asked for this failure. */
  failedAsPlanned(n: number, attempt: number): void {
    if (countUp(this.#planned, n) >= attempt) this.#surprised(`attempt ${attempt} came again`);
    this.#failures += 1;
  }

  failed(reason: string): void {
    this.#surprised(reason);
    this.#failures += 1;
  }

  succeeded(n: number): void {
    countUp(this.#successes, n);
  }

  /** Keeps only the first few, which are enough to find the cause. */
  #surprised(reason: string): void {
    if (this.#surprises.size < MAX_SURPRISES) this.#surprises.add(reason);
  }

  /** Counts for the first `published` events. */
  read(published: number): Tallied {
    const counts = this.#successes.subarray(0, published);
    return {
      missing: counts.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0),
      again: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
      failures: this.#failures,
      surprises: [...this.#surprises],
    };
  }
}

/** Adds one, and returns the number before. */
function countUp(counts: Uint8Array, n: number): number {
  const before = counts[n];
  if (before === undefined) throw new RangeError(`event ${n} is beyond the ${counts.length} that were expected`);
  counts[n] = Math.min(before + 1, 255);
  return before;
}
