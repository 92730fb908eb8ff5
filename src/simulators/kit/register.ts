/** All published events of a simulated account, by number. It keeps only the latest finished ones. */
import { Fifo } from "./fifo.ts";
import type { Held, Named } from "./held.ts";

export type Page = {
  /** Start after this one. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
};

export type Stats = {
  readonly published: number;
  /** Deliveries, redeliveries included. */
  readonly delivered: number;
  readonly confirmed: number;
  readonly purged: number;
  readonly unconfirmed: number;
  readonly visible: number;
  /** Invalid handles in confirmations. */
  readonly staleHandles: number;
  /** Calls by action, refused ones included. `unknown` counts calls without a known action. */
  readonly calls: Readonly<Record<string, number>>;
  /** By outcome: `ok`, an error code, or the kind of the fault that spoiled the answer. */
  readonly outcomes: Readonly<Record<string, number>>;
};

type RegisterOptions<H> = {
  /** Ids begin with it: `event` of event-17. */
  readonly word: string;
  /** The most confirmed and purged events that are kept. */
  readonly limit: number;
  /** Called for each event that is dropped. */
  readonly onDropped: (held: H) => void;
};

export class Register<H extends Held> {
  readonly #options: RegisterOptions<H>;
  readonly #all = new Map<number, H>();
  readonly #finished = new Fifo<H>();
  #kept = 0;
  readonly counts = { published: 0, delivered: 0, confirmed: 0, purged: 0, staleHandles: 0 };

  constructor(options: RegisterOptions<H>) {
    this.#options = options;
  }

  add(make: (named: Named) => H): H {
    const number = (this.counts.published += 1);
    const held = make({ number, id: `${this.#options.word}-${number}`, publishedAt: Date.now() });
    this.#all.set(number, held);
    return held;
  }

  find(id: string): H | undefined {
    return this.#all.get(this.#numberOf(id));
  }

  page({ after, limit = Infinity }: Page = {}): readonly H[] {
    const page: H[] = [];
    let number = after === undefined ? 0 : this.#numberOf(after);
    while (page.length < limit && number < this.counts.published) {
      number += 1;
      const held = this.#all.get(number);
      if (held) page.push(held);
    }
    return page;
  }

  /** Called when an event is confirmed or purged. */
  finish(held: H): void {
    this.counts[held.confirmedAt === undefined ? "purged" : "confirmed"] += 1;
    this.#finished.push(held);
    this.#kept += 1;
    if (this.#kept <= this.#options.limit) return;
    this.#kept -= 1;
    const oldest = this.#finished.shift();
    if (!oldest) return;
    this.#all.delete(oldest.number);
    this.#options.onDropped(oldest);
  }

  /** NaN for an unknown id. */
  #numberOf(id: string): number {
    const [word, number = "", ...more] = id.split("-");
    const isOurs = word === this.#options.word && more.length === 0 && /^\d{1,15}$/.test(number);
    return isOurs ? Number(number) : Number.NaN;
  }
}
