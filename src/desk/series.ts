/** A summary for people of the counts from all processes. */
import { SERIES, type SeriesName, type Step } from "../ledger/series.ts";
import { type Series, SERIES_COUNTS } from "./contract.ts";
import { boundOf, type Field, readField } from "./series-meter.ts";

type Counts = Record<(typeof SERIES_COUNTS)[number] | "answered", number>;
/** `recent`: only the last minutes. */
type Sums = { readonly counts: Counts; readonly recent: Counts; readonly buckets: Map<string, Map<number, number>> };

type Named = readonly [name: string, sums: Sums];

/** The time that rates cover, or one step if that is longer. The running step does not count. */
const RECENT_MS = 300_000;

export function summed(
  range: SeriesName,
  steps: readonly Step[],
  lastIn: ReadonlyMap<string, string> = new Map(),
): Series {
  const stepMs = SERIES[range];
  const recentSteps = Math.ceil(RECENT_MS / stepMs);
  const perMinute = (count: number): number => (count * 60_000) / (recentSteps * stepMs);
  const by = { source: new Map<string, Sums>(), type: new Map<string, Sums>(), receiver: new Map<string, Sums>() };
  const points = steps.map(({ at, counts }, index) => {
    const { answered: _, ...point } = none();
    const isRecent = index >= steps.length - 1 - recentSteps && index < steps.length - 1;
    for (const [text, count] of Object.entries(counts)) {
      const field = readField(text);
      if (!field) continue;
      const kind = SERIES_COUNTS.find((one) => one === field.kind);
      if (kind && field.of !== "type") point[kind] += count;
      const sums = by[field.of].get(field.name) ?? noSums();
      by[field.of].set(field.name, sums);
      add(sums, field, count, isRecent);
    }
    return { at, ...point };
  });

  return {
    range,
    stepMs,
    points,
    types: [...by.type].map(typeOf).toSorted((a, b) => b.handled + b.failed - a.handled - a.failed),
    sources: named(by.source, "source").map(sourceOf),
    receivers: named(by.receiver, "receiver").map(receiverOf),
  };

  function typeOf([type, sums]: Named): Series["types"][number] {
    const { handled, failed, parked } = sums.counts;
    return { type, handled, failed, parked, handledPerMinute: perMinute(sums.recent.handled), ...spreadsOf(sums) };
  }

  function sourceOf([source, sums]: Named): Series["sources"][number] {
    const { counts, recent } = sums;
    const { in: came, handled, failed, confirmed } = counts;
    const rates = { inPerMinute: perMinute(recent.in), confirmedPerMinute: perMinute(recent.confirmed) };
    return { source, in: came, handled, failed, confirmed, ...rates, ...last("source", source), ...spreadsOf(sums) };
  }

  function receiverOf([source, { counts, recent }]: Named): Series["receivers"][number] {
    const rates = { inPerMinute: perMinute(recent.in), answeredPerMinute: perMinute(recent.answered) };
    return { source, in: counts.in, answered: counts.answered, ...rates, ...last("receiver", source) };
  }

  function last(of: string, name: string) {
    const lastEventAt = lastIn.get(`${of} ${name}`);
    return lastEventAt === undefined ? {} : { lastEventAt };
  }

  /** Includes names without any event in this time. */
  function named(sums: ReadonlyMap<string, Sums>, of: string): readonly Named[] {
    const quiet = [...lastIn.keys()].flatMap((name) => (name.startsWith(`${of} `) ? [name.slice(of.length + 1)] : []));
    const names = [...new Set([...sums.keys(), ...quiet])].toSorted((a, b) => a.localeCompare(b));
    return names.map((name) => [name, sums.get(name) ?? noSums()]);
  }
}

function noSums(): Sums {
  return { counts: none(), recent: none(), buckets: new Map() };
}

function none(): Counts {
  return { in: 0, handled: 0, failed: 0, parked: 0, confirmed: 0, answered: 0 };
}

function add({ counts, recent, buckets }: Sums, { kind, bucket }: Field, count: number, isRecent: boolean): void {
  if (isCount(kind)) {
    counts[kind] += count;
    if (isRecent) recent[kind] += count;
    return;
  }
  const known = buckets.get(kind) ?? new Map<number, number>();
  buckets.set(kind, known.set(bucket, (known.get(bucket) ?? 0) + count));
}

function isCount(kind: string): kind is keyof Counts {
  return kind === "answered" || SERIES_COUNTS.some((one) => one === kind);
}

function spreadsOf({ buckets }: Sums) {
  return {
    ...spread("queueMs", buckets.get("queue_ms")),
    ...spread("handlerMs", buckets.get("handler_ms")),
    ...spread("lingerMs", buckets.get("linger_ms")),
    ...spread("confirmMs", buckets.get("confirm_ms")),
    ...spread("windowUsed", buckets.get("window_used"), 1_000),
  };
}

function spread(name: string, buckets: ReadonlyMap<number, number> | undefined, unit = 1) {
  return buckets ? { [name]: { p50: quantile(buckets, 0.5) / unit, p95: quantile(buckets, 0.95) / unit } } : {};
}

function quantile(buckets: ReadonlyMap<number, number>, share: number): number {
  const sorted = [...buckets].toSorted(([a], [b]) => a - b);
  const rank = share * sorted.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [bucket, count] of sorted) {
    seen += count;
    if (seen >= rank) return Math.round(boundOf(bucket));
  }
  return 0;
}
