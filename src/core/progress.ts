/**
 * Whether this process still gets jobs from the queue. It watches what happens and not the state of a connection, which
 * can be open and wait for ever.
 */
export type Seen = {
  /** How many jobs could start now, in whichever process. */
  readonly startable: number;
  /** Whether this process would start one. */
  readonly hasPlace: boolean;
  /** How many it has started so far. */
  readonly started: number;
};

export type ProgressTerms = {
  /** How long jobs may wait while nothing is started. */
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

/** BullMQ repairs most troubles of its connections by itself within 8 s. */
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

  /** For how long nothing was started though something could be, the times between rebuilding together. */
  get idleMs(): number {
    return this.#rebuilt * this.#terms.patienceMs + this.#idleMs;
  }

  /** `seen`: undefined while Redis does not answer. */
  look(seen: Seen | undefined): Verdict {
    const now = performance.now();
    // After a longer gap nobody knows what was: the process stood still, or the answer took its time.
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
