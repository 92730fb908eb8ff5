const PACE_MS = 5_000;
const RESERVED_MS = 15_000;

type Asked = {
  readonly source: string;
  readonly at: number;
  readonly windowMs: number;
  readonly maxWaiting: number;
  readonly expected: number;
  readonly waiting: number;
  /** Nothing at all waits, pushed or pulled. */
  readonly isIdle: boolean;
  readonly delayed: number;
};

type Found = { readonly most: number; readonly bucket: number } | { readonly askAgainMs: number };

/** Which pulls find room: the rules of `place.lua`. */
export class MemoryRoom {
  #reserved = new Map<number, number>();
  #handled = new Map<number, number>();
  readonly #asked = new Map<string, number>();
  readonly #served = new Map<string, number>();

  find({ source, at, windowMs, maxWaiting, expected, waiting, isIdle, delayed }: Asked): Found {
    const rate = this.#handledPerMs(at);
    const cap = Math.min(maxWaiting, Math.max(256, (rate * windowMs) / 2));
    const room = cap - waiting - this.#reservedAt(at);
    const fits = delayed < maxWaiting && (room >= expected || isIdle);
    const hasRoom = fits && !(room < 4 * expected && this.#isOthersTurn(source, at));
    const since = Math.abs(at - (this.#served.get(source) ?? 0));
    if (!hasRoom && since < Math.min(windowMs / 4, 10_000)) {
      this.#asked.set(source, at);
      return { askAgainMs: Math.floor(Math.min(250, Math.max(5, (expected - room) / Math.max(rate, 0.001)))) };
    }
    this.#served.set(source, at);
    this.#asked.delete(source);
    const bucket = Math.floor(at / RESERVED_MS);
    this.#add(this.#reserved, bucket, expected);
    return { most: Math.floor(Math.max(expected, room)), bucket };
  }

  giveBack(bucket: number, count: number): void {
    this.#add(this.#reserved, bucket, -count);
  }

  countHandled(at: number): void {
    this.#add(this.#handled, Math.floor(at / PACE_MS), 1);
  }

  clear(): void {
    for (const counts of [this.#reserved, this.#handled, this.#asked, this.#served]) counts.clear();
  }

  #isOthersTurn(source: string, at: number): boolean {
    const servedAt = (name: string): number => this.#served.get(name) ?? 0;
    return [...this.#asked].some(
      ([name, asked]) => name !== source && Math.abs(at - asked) < 300 && servedAt(name) < servedAt(source),
    );
  }

  #reservedAt(at: number): number {
    const bucket = Math.floor(at / RESERVED_MS);
    const living = [...this.#reserved].filter(([of]) => Math.abs(bucket - of) <= 1);
    this.#reserved = new Map(living);
    return living.reduce((sum, [, count]) => sum + Math.max(0, count), 0);
  }

  #handledPerMs(at: number): number {
    const bucket = Math.floor(at / PACE_MS);
    const count = (this.#handled.get(bucket) ?? 0) + (this.#handled.get(bucket - 1) ?? 0);
    return count / (at - (bucket - 1) * PACE_MS);
  }

  #add(counts: Map<number, number>, bucket: number, by: number): void {
    counts.set(bucket, (counts.get(bucket) ?? 0) + by);
  }
}
