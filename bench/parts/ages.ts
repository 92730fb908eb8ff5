/** Ages of events at their confirmation. They are read continuously, so the vendor's record need not hold all events. */
import { Fifo } from "../../src/simulators/kit/fifo.ts";

type Told = { readonly id: string; readonly publishedAt: number };

export class Ages {
  readonly #open = new Fifo<Told>();
  readonly #confirmedAfterMs: number[] = [];
  #oldestMs = 0;

  published(told: Told): void {
    this.#open.push(told);
  }

  /**
   * `confirmedAtOf` gives undefined while an event is open. Call `look` often enough that the record still holds each
   * event.
   */
  look(confirmedAtOf: (id: string) => number | undefined, now: number): void {
    for (let first = this.#open.peek(); first; first = this.#open.peek()) {
      const confirmedAt = confirmedAtOf(first.id);
      this.#oldestMs = Math.max(this.#oldestMs, (confirmedAt ?? now) - first.publishedAt);
      if (confirmedAt === undefined) return;
      this.#confirmedAfterMs.push(confirmedAt - first.publishedAt);
      this.#open.shift();
    }
  }

  found(): { readonly oldestMs: number; readonly confirmedAfterMs: readonly number[] } {
    return { oldestMs: this.#oldestMs, confirmedAfterMs: this.#confirmedAfterMs };
  }
}
