import type { Schedule } from "./schedule.ts";

/** More lines with `MODEL_TRACE`. */
const KEPT = Number(process.env["MODEL_TRACE"] ?? 200);

/** What happened in a schedule, in its last lines, and the first promise that was broken. */
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

  /** The first one counts: others may follow from it. */
  readonly violated = (what: string): void => {
    this.trace(`VIOLATED: ${what}`);
    this.#violation ??= what;
  };

  /** With the schedule as it is kept among the seeds. */
  toError(schedule: Schedule): Error {
    return new Error([this.#violation, ...this.#lines, JSON.stringify(schedule)].join("\n"));
  }
}
