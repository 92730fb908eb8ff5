import type { Schedule } from "./schedule.ts";

/** Set `MODEL_TRACE` to keep more lines. */
const KEPT = Number(process.env["MODEL_TRACE"] ?? 200);

/** The last lines of a schedule's log, and the first broken promise. */
export class Chronicle {
  readonly #now: () => number;
  #lines: string[] = [];
  #violation: string | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  get violation(): string | undefined {
    return this.#violation;
  }

  readonly trace = (text: string): void => {
    this.#lines.push(`${(this.#now() / 1_000).toFixed(3)} s  ${text}`);
    if (this.#lines.length > 2 * KEPT) this.#lines = this.#lines.slice(-KEPT);
  };

  /** Keeps only the first violation, since others may follow from it. */
  readonly violated = (what: string): void => {
    this.trace(`VIOLATED: ${what}`);
    this.#violation ??= what;
  };

  /** The text ends with the schedule in the form in which `seeds.ts` keeps it. */
  toError(schedule: Schedule): Error {
    return new Error([this.#violation, ...this.#lines, JSON.stringify(schedule)].join("\n"));
  }
}
