import type { Timer } from "../core/sleep.ts";

type Due = { readonly at: number; readonly run: () => void };

/** A clock that stands still until it is told to jump. */
export class VirtualTime {
  /** Milliseconds since it was made. */
  now = 0;
  readonly #due = new Set<Due>();

  /** Infinity if nothing is scheduled. */
  get nextAt(): number {
    return Math.min(Infinity, ...[...this.#due].map(({ at }) => at));
  }

  readonly timer: Timer = (ms, run) => {
    const due = { at: this.now + ms, run };
    this.#due.add(due);
    return () => this.#due.delete(due);
  };

  /** Runs the callbacks that are due then, in the order in which they were scheduled. */
  jumpTo(at: number): void {
    this.now = at;
    for (const due of this.#due) {
      if (due.at > at) continue;
      this.#due.delete(due);
      due.run();
    }
  }
}
