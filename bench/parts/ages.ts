/** Ages of events when they are confirmed, read while they come: the vendor's record need not hold them all. */
import { Fifo } from "../../src/simulators/kit/fifo.ts";

type Told = { readonly id: string; readonly publishedAt: number };

export class Ages {
  readonly #open = new Fifo<Told>();
  readonly #confirmedAfterMs: number[] = [];
  #oldestMs = 0;

  published(told: Told): void {
    this.#open.push(told);
  }

  /** `confirmedAt` of an event; undefined while it is open. To be called more often than the record is renewed. */
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
