/** Collects counts for the series until they are fetched: see `src/ledger/series.ts`. */
import type { Meter } from "../core/meter.ts";
import type { Counted } from "../ledger/series.ts";
import type { SERIES_COUNTS } from "./contract.ts";

/** A bound, since types come from outside. */
const MAX_FIELDS = 1_000;

type Labels = Readonly<Record<string, string>>;
type Of = (typeof OF)[number];
type Kind = (typeof SERIES_COUNTS)[number] | "answered" | (typeof SPREADS)[number];

/** The subject of a count. Pushed deliveries are counted by `receiver`, everything else by source and type. */
const OF = ["source", "type", "receiver"] as const;
/** The durations whose spread the series keeps. The bounds of the buckets double every two buckets. */
const SPREADS = ["queue_ms", "handler_ms", "linger_ms", "confirm_ms", "window_used"] as const;

/** The counts of one subject, by kind and bucket. */
type Tally = Map<Kind, Map<number, number>>;

export class SeriesMeter implements Meter {
  #tallies = noTallies();
  #fields = 0;
  #lastIn = new Map<string, number>();

  count(name: string, labels: Labels, by = 1): void {
    if (by === 0) return;
    const { source = "", type } = labels;
    if (name === "deliveries") return this.#delivered(labels, by);
    const kind = COUNTERS.get(name);
    if (!kind) return;
    this.#add(kind, "source", source, 0, by);
    if (type !== undefined) this.#add(kind, "type", type, 0, by);
  }

  observe(name: string, { source, type }: Labels, value: number, types: Iterable<string> = []): void {
    const kind = SPREAD_KINDS.get(name);
    if (!kind) return;
    const bucket = bucketOf(value);
    if (source !== undefined) this.#add(kind, "source", source, bucket, 1);
    if (type !== undefined) this.#add(kind, "type", type, bucket, 1);
    for (const one of types) this.#add(kind, "type", one, bucket, 1);
  }

  /** The counts since the last call. */
  take(): Counted {
    const counts = new Map<string, number>();
    for (const of of OF)
      for (const [name, tally] of this.#tallies[of])
        for (const [kind, buckets] of tally)
          // The name comes last, because it may contain any character.
          for (const [bucket, count] of buckets) counts.set(`${kind} ${of} ${bucket} ${name}`, count);
    const now = performance.now();
    const lastInMs = new Map([...this.#lastIn].map(([of, at]) => [of, now - at]));
    this.#tallies = noTallies();
    this.#fields = 0;
    this.#lastIn = new Map();
    return { counts, lastInMs };
  }

  #delivered({ source = "", verdict, door }: Labels, by: number): void {
    const of = door === "push" ? "receiver" : "source";
    if (of === "receiver" && verdict !== "refuse") this.#add("answered", of, source, 0, by);
    if (verdict !== "add") return;
    this.#add("in", of, source, 0, by);
    const name = `${of} ${source}`;
    if (this.#lastIn.has(name) || this.#lastIn.size < MAX_FIELDS) this.#lastIn.set(name, performance.now());
  }

  /** Texts are made only when the counts are fetched, since this is called many times per event. */
  #add(kind: Kind, of: Of, name: string, bucket: number, by: number): void {
    const tally = this.#tallies[of].get(name);
    const buckets = tally?.get(kind);
    const known = buckets?.get(bucket);
    if (buckets && known !== undefined) {
      buckets.set(bucket, known + by);
      return;
    }
    if (this.#fields === MAX_FIELDS) return;
    this.#fields += 1;
    if (buckets) buckets.set(bucket, by);
    else if (tally) tally.set(kind, new Map([[bucket, by]]));
    else this.#tallies[of].set(name, new Map([[kind, new Map([[bucket, by]])]]));
  }
}

function noTallies(): Readonly<Record<Of, Map<string, Tally>>> {
  return { source: new Map(), type: new Map(), receiver: new Map() };
}

const SPREAD_KINDS: ReadonlyMap<string, Kind> = new Map(SPREADS.map((kind) => [kind, kind]));

const COUNTERS: ReadonlyMap<string, Kind> = new Map([
  ["handled", "handled"],
  ["attempts_failed", "failed"],
  ["parked", "parked"],
  ["confirmed", "confirmed"],
]);

function bucketOf(value: number): number {
  return Math.ceil(Math.log2(Math.max(1, value)) * 2);
}

/** The upper bound of a bucket. */
export function boundOf(bucket: number): number {
  return 2 ** (bucket / 2);
}

export type Field = { readonly kind: string; readonly of: Of; readonly bucket: number; readonly name: string };

/** Undefined for a field that another version wrote. */
export function readField(text: string): Field | undefined {
  const [, kind = "", of, bucket, name = ""] = /^(\w+) (\w+) (\d+) ([^]*)$/.exec(text) ?? [];
  const known = OF.find((one) => one === of);
  return known && { kind, of: known, bucket: Number(bucket), name };
}
