import type { Timer } from "../core/sleep.ts";

type Due = { readonly at: number; readonly run: () => void };

/** A clock that stands still until it is told to jump. */
export class VirtualTime {
  /** Milliseconds since it was made. */
  now = 0;
  readonly #due = new Set<Due>();

  /** Infinity when nothing is to come. */
  get nextAt(): number {
    return Math.min(Infinity, ...[...this.#due].map(({ at }) => at));
  }

  readonly timer: Timer = (ms, run) => {
    const due = { at: this.now + ms, run };
    this.#due.add(due);
    return () => this.#due.delete(due);
  };

  /** Runs what is due then, in the order in which it was asked for. */
  jumpTo(at: number): void {
    this.now = at;
    for (const due of this.#due) {
      if (due.at > at) continue;
      this.#due.delete(due);
      due.run();
    }
  }
}
