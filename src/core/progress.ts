/**
 * Whether this process still gets jobs from the queue. It watches jobs start instead of the connection's state: a
 * connection can be open and wait for ever.
 */
export type Seen = {
  /** How many jobs could start now, in any process. */
  readonly startable: number;
  /** Whether this process has room for one. */
  readonly hasPlace: boolean;
  /** How many it has started so far. */
  readonly started: number;
};

export type ProgressTerms = {
  /** How long jobs may wait while this process starts none. */
  readonly patienceMs: number;
  /** The time between two looks. */
  readonly lookMs: number;
};

/**
 * - `fine`: nothing to do
 * - `rebuild`: nothing was started for too long
 * - `give-up`: rebuilding did not help
 */
export type Verdict = "fine" | "rebuild" | "give-up";

/** BullMQ repairs most connection problems by itself within 8 s. */
export const PROGRESS_TERMS: ProgressTerms = { patienceMs: 15_000, lookMs: 1_500 };
/** The number of rebuilds before it gives up. */
const MAX_REBUILT = 2;

export class Progress {
  readonly #terms: ProgressTerms;
  #lookedAt = performance.now();
  #idleMs = 0;
  #started = 0;
  #rebuilt = 0;

  constructor(terms: ProgressTerms) {
    this.#terms = terms;
  }

  /** How long nothing was started although something could be. The times between rebuilds add up. */
  get idleMs(): number {
    return this.#rebuilt * this.#terms.patienceMs + this.#idleMs;
  }

  /** `seen`: undefined while Redis does not answer. */
  look(seen: Seen | undefined): Verdict {
    const now = performance.now();
    // After a longer gap the state is unknown: the process was suspended, or the answer took long.
    const elapsedMs = Math.min(now - this.#lookedAt, 2 * this.#terms.lookMs);
    this.#lookedAt = now;
    if (seen && seen.started !== this.#started) {
      this.#started = seen.started;
      this.#rebuilt = 0;
      this.#idleMs = 0;
    }
    if (!seen || seen.startable === 0 || !seen.hasPlace) {
      this.#idleMs = 0;
      return "fine";
    }
    this.#idleMs += elapsedMs;
    if (this.#idleMs < this.#terms.patienceMs) return "fine";
    if (this.#rebuilt === MAX_REBUILT) return "give-up";
    this.#rebuilt += 1;
    this.#idleMs = 0;
    return "rebuild";
  }
}
