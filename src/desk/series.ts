/** How things go: counted by each process, kept in Redis by `src/ledger/series.ts`, and summed up here for people. */
import { z } from "zod";
import type { Meter } from "../core/meter.ts";
import { SERIES, type SeriesName, type Step } from "../ledger/series.ts";
import { type Series, SERIES_COUNTS } from "./contract.ts";

/** Types come from outside. */
const MAX_FIELDS = 500;

type Labels = Readonly<Record<string, string>>;
type Kind = (typeof SERIES_COUNTS)[number];

/** Counts for the series until it is asked. A field: kind, the name's kind, its name, and of a duration its bucket. */
export class SeriesMeter implements Meter {
  #counts = new Map<string, number>();

  count(name: string, labels: Labels, by = 1): void {
    const kind = kindOf(name, labels);
    if (kind === undefined || by === 0) return;
    this.#add([kind, "source", labels["source"] ?? ""], by);
    if (labels["type"] !== undefined) this.#add([kind, "type", labels["type"]], by);
  }

  observe(name: string, { source = "", type }: Labels, ms: number): void {
    if (name !== "handler_ms" && name !== "confirm_ms") return;
    const bucket = String(Math.ceil(Math.log2(Math.max(1, ms)) * 2));
    if (type === undefined) this.#add([name, "source", source, bucket], 1);
    else this.#add([name, "type", type, bucket], 1);
  }

  /** The counts since the last time. */
  take(): ReadonlyMap<string, number> {
    const counts = this.#counts;
    this.#counts = new Map();
    return counts;
  }

  #add(parts: readonly string[], by: number): void {
    const field = JSON.stringify(parts);
    const known = this.#counts.get(field);
    if (known !== undefined || this.#counts.size < MAX_FIELDS) this.#counts.set(field, (known ?? 0) + by);
  }
}

const COUNTERS: Readonly<Record<string, Kind>> = {
  handled: "handled",
  attempts_failed: "failed",
  parked: "parked",
  confirmed: "confirmed",
};

function kindOf(name: string, { verdict }: Labels): Kind | undefined {
  return name === "deliveries" ? (verdict === "add" ? "in" : undefined) : COUNTERS[name];
}

const Field = z.tuple([z.string(), z.enum(["source", "type"]), z.string()], z.string());

type Sums = { readonly counts: Record<Kind, number>; readonly buckets: Map<string, Map<number, number>> };

export function summed(range: SeriesName, steps: readonly Step[]): Series {
  const by = { source: new Map<string, Sums>(), type: new Map<string, Sums>() };
  const points = steps.map(({ at, counts }) => {
    const point = none();
    for (const [field, count] of Object.entries(counts)) {
      const [kind, of, name, bucket] = Field.parse(JSON.parse(field));
      const sums = by[of].get(name) ?? { counts: none(), buckets: new Map<string, Map<number, number>>() };
      by[of].set(name, sums);
      const counted = SERIES_COUNTS.find((one) => one === kind);
      if (counted) {
        sums.counts[counted] += count;
        if (of === "source") point[counted] += count;
      } else {
        const buckets = sums.buckets.get(kind) ?? new Map<number, number>();
        sums.buckets.set(kind, buckets.set(Number(bucket), (buckets.get(Number(bucket)) ?? 0) + count));
      }
    }
    return { at, ...point };
  });
  const types = [...by.type].map(([type, { counts, buckets }]) => {
    const { handled, failed, parked } = counts;
    return Object.assign({ type, handled, failed, parked }, timesOf("handlerMs", buckets.get("handler_ms")));
  });
  const sources = [...by.source].map(([source, { counts, buckets }]) =>
    Object.assign(
      { source, in: counts.in, confirmed: counts.confirmed },
      timesOf("confirmMs", buckets.get("confirm_ms")),
    ),
  );
  return {
    range,
    stepMs: SERIES[range],
    points,
    types: types.toSorted((a, b) => b.handled + b.failed - a.handled - a.failed),
    sources: sources.toSorted((a, b) => a.source.localeCompare(b.source)),
  };
}

function none(): Record<Kind, number> {
  return { in: 0, handled: 0, failed: 0, parked: 0, confirmed: 0 };
}

function timesOf(name: "handlerMs" | "confirmMs", buckets: ReadonlyMap<number, number> | undefined) {
  return buckets ? { [name]: { p50: quantile(buckets, 0.5), p95: quantile(buckets, 0.95) } } : {};
}

/** The upper bound of its bucket: two buckets double. */
function quantile(buckets: ReadonlyMap<number, number>, share: number): number {
  const sorted = [...buckets].toSorted(([a], [b]) => a - b);
  const rank = share * sorted.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [bucket, count] of sorted) {
    seen += count;
    if (seen >= rank) return Math.round(2 ** (bucket / 2));
  }
  return 0;
}
