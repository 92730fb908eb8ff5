const PACE_MS = 5_000;
const PULL_LIVES_MS = 30_000;

type UnderWay = { readonly source: string; readonly expected: number; readonly at: number };

type Asked = {
  readonly source: string;
  readonly at: number;
  readonly windowMs: number;
  readonly maxWaiting: number;
  readonly expected: number;
  readonly waiting: number;
  /** True if no pushed or pulled event waits. */
  readonly isIdle: boolean;
  readonly delayed: number;
};

type Found = { readonly most: number; readonly pull: string } | { readonly askAgainMs: number };

/** Decides which pulls find room and tracks those in progress, by the rules of `place.lua`. */
export class MemoryRoom {
  readonly #pulls = new Map<string, UnderWay>();
  readonly #handled = new Map<number, number>();
  readonly #lostAt = new Map<string, number>();
  /** Sources that do not fill their answers, so a short answer proves nothing. */
  readonly #unfilled = new Set<string>();
  #named = 0;
  /** The time of the first pull that found an empty store. */
  bornAt: number | undefined;
  readonly #asked = new Map<string, number>();
  readonly #served = new Map<string, number>();

  find({ source, at, windowMs, maxWaiting, expected, waiting, isIdle, delayed }: Asked): Found {
    this.bornAt ??= at;
    const rate = this.#handledPerMs(at);
    const cap = Math.min(maxWaiting, Math.max(256, (rate * windowMs) / 2));
    const room = cap - waiting - this.#reserved(at);
    const fits = delayed < maxWaiting && (room >= expected || isIdle);
    const hasRoom = fits && !(room < 4 * expected && this.#isOthersTurn(source, at));
    const since = Math.abs(at - (this.#served.get(source) ?? 0));
    if (!hasRoom && since < Math.min(windowMs / 4, 10_000)) {
      this.#asked.set(source, at);
      return { askAgainMs: Math.floor(Math.min(250, Math.max(5, (expected - room) / Math.max(rate, 0.001)))) };
    }
    this.#served.set(source, at);
    this.#asked.delete(source);
    const pull = `pull ${++this.#named}`;
    this.#pulls.set(pull, { source, expected, at });
    return { most: Math.floor(Math.max(expected, room)), pull };
  }

  end(pull: string, isLost: boolean, at: number): void {
    const known = this.#pulls.get(pull);
    this.#pulls.delete(pull);
    if (known && isLost) this.#lostAt.set(known.source, at);
  }

  /** True if an earlier pull is still in progress. It may hold events that this one did not bring. */
  isPreceded(source: string, pull: string, sent: number, at: number): boolean {
    this.#endAged(at);
    return [...this.#pulls].some(([name, other]) => name !== pull && other.source === source && other.at < sent);
  }

  /** The last time that a pull of this source ended without a usable answer. */
  lostAt(source: string): number {
    return this.#lostAt.get(source) ?? -Infinity;
  }

  noteUnfilled(source: string): void {
    this.#unfilled.add(source);
  }

  isUnfilled(source: string): boolean {
    return this.#unfilled.has(source);
  }

  countHandled(at: number): void {
    const bucket = Math.floor(at / PACE_MS);
    this.#handled.set(bucket, (this.#handled.get(bucket) ?? 0) + 1);
  }

  clear(): void {
    this.bornAt = undefined;
    for (const counts of [this.#pulls, this.#handled, this.#lostAt, this.#asked, this.#served, this.#unfilled])
      counts.clear();
  }

  #isOthersTurn(source: string, at: number): boolean {
    const servedAt = (name: string): number => this.#served.get(name) ?? 0;
    return [...this.#asked].some(
      ([name, asked]) => name !== source && Math.abs(at - asked) < 300 && servedAt(name) < servedAt(source),
    );
  }

  #reserved(at: number): number {
    this.#endAged(at);
    return [...this.#pulls.values()].reduce((sum, { expected }) => sum + expected, 0);
  }

  /** Ends old pulls: their process died, or their answer comes too late to be used. */
  #endAged(at: number): void {
    for (const [pull, { at: began }] of this.#pulls) if (began <= at - PULL_LIVES_MS) this.end(pull, true, at);
  }

  #handledPerMs(at: number): number {
    const bucket = Math.floor(at / PACE_MS);
    const count = (this.#handled.get(bucket) ?? 0) + (this.#handled.get(bucket - 1) ?? 0);
    return count / (at - (bucket - 1) * PACE_MS);
  }
}
