/** Counts of the last minutes. A counter since the start would hide the current rate. */
import type { Meter } from "./meter.ts";

const BUCKET_MS = 30_000;
const BUCKETS = 10;
/** Types come from outside, so their number must be bounded. */
const MAX_KEYS = 1_000;
/** The counters that are kept. */
const NAMES: ReadonlySet<string> = new Set(["handled", "attempts_failed", "parked", "confirm_ms"] satisfies Asked[]);

type Asked = "handled" | "attempts_failed" | "parked" | "confirm_ms";
type Labels = Readonly<Record<string, string>>;
type Bucket = { readonly began: number; readonly sums: Map<string, Sum> };
type Sum = { readonly name: string; readonly source: string; readonly type: string; count: number; ms: number };
export type Counted = Readonly<Omit<Sum, "name">>;

export class Recent implements Meter {
  #buckets: readonly Bucket[] = [];

  count(name: string, labels: Labels, by = 1): void {
    this.#add(name, labels, by, 0);
  }

  observe(name: string, labels: Labels, ms: number): void {
    this.#add(name, labels, 1, ms);
  }

  /** By source and type, over the last five minutes. */
  of(name: Asked): readonly Counted[] {
    const all = new Map<string, Sum>();
    for (const { began, sums } of this.#buckets) {
      if (performance.now() - began > BUCKET_MS * BUCKETS) continue;
      for (const [key, sum] of sums) {
        if (sum.name !== name) continue;
        const known = all.get(key);
        all.set(key, { ...sum, count: sum.count + (known?.count ?? 0), ms: sum.ms + (known?.ms ?? 0) });
      }
    }
    return [...all.values()];
  }

  #add(name: string, { source = "", type = "" }: Labels, count: number, ms: number): void {
    if (!NAMES.has(name)) return;
    const { sums } = this.#bucket();
    // The type comes last, because it may contain any character.
    const key = `${name} ${source} ${type}`;
    const known = sums.get(key);
    if (known) {
      known.count += count;
      known.ms += ms;
    } else if (sums.size < MAX_KEYS) sums.set(key, { name, source, type, count, ms });
  }

  #bucket(): Bucket {
    const last = this.#buckets.at(-1);
    if (last && performance.now() - last.began < BUCKET_MS) return last;
    const fresh = { began: performance.now(), sums: new Map<string, Sum>() };
    this.#buckets = [...this.#buckets.slice(1 - BUCKETS), fresh];
    return fresh;
  }
}
