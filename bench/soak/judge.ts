import { QUANTITIES, type Quantity } from "./quantities.ts";
import type { Soaked } from "./soak.ts";
import type { End, Sample } from "./stage.ts";
import { type Trend, trendOf } from "./trend.ts";

export type Row = { readonly quantity: Quantity; readonly trend: Trend };

export type Judgement = {
  readonly rows: readonly Row[];
  readonly warmUpMinutes: number;
  /** The length of the judged time. */
  readonly minutes: number;
  readonly events: number;
  readonly perSecond: number;
  /** One sentence for each problem. Empty if nothing grew and nothing was lost. */
  readonly problems: readonly string[];
};

/**
 * The share of the requested rate that must be published. Publishing goes in steps of 50 ms. Whether events were also
 * confirmed is checked through the number of unconfirmed events.
 */
const HELD = 0.98;
/** A trend line needs this many samples. */
const LEAST_SAMPLES = 3;
const NOT_JUDGED = { absolute: Infinity, relative: 0 };

export function judge(soaked: Soaked, rate: number): Judgement {
  const warm = soaked.samples.filter(({ atMs }) => atMs >= soaked.tempo.warmUpMs);
  // After an early stop, all samples are better than none.
  const judged = warm.length < LEAST_SAMPLES ? soaked.samples : warm;
  const [first, last] = [judged[0], judged.at(-1)];
  const between = (of: (sample: Sample) => number): number => (first && last ? of(last) - of(first) : 0);
  const seconds = between(({ atMs }) => atMs) / 1_000;
  const events = between(({ vendors }) => vendors.confirmed);
  const rows = judged.length > 0 ? QUANTITIES.map((quantity) => rowOf(quantity, judged)) : [];
  const perSecond = seconds === 0 ? 0 : between(({ vendors }) => vendors.published) / seconds;
  const problems = [
    ...(soaked.end ? [] : ["it was stopped before its end"]),
    ...(seconds > 0 && perSecond < rate * HELD
      ? [`${Math.round(perSecond)} events/s were published instead of ${rate}`]
      : []),
    ...rows.filter(({ trend }) => trend.grown).map(({ quantity }) => `${quantity.name.trim()}: growing`),
    ...(soaked.end ? problemsAtEnd(soaked.end) : []),
  ];
  const warmUpMinutes = (first?.atMs ?? 0) / 60_000;
  return { rows, warmUpMinutes, minutes: seconds / 60, events, perSecond, problems };
}

function rowOf(quantity: Quantity, samples: readonly Sample[]): Row {
  const points = samples.map((sample) => ({ at: sample.vendors.confirmed, value: quantity.of(sample) }));
  return { quantity, trend: trendOf(points, quantity.allowance ?? NOT_JUDGED) };
}

function problemsAtEnd({ vendors, redis, worker, tally, ready }: End): string[] {
  const counts: readonly (readonly [string, number])[] = [
    ["pauses in publishing, since too much was unconfirmed", vendors.pauses],
    ["events unconfirmed after the drain", vendors.unconfirmed],
    ["pushes given up by their vendor", vendors.lostPushes],
    ["events never handled", tally.missing],
    ["runs of what was handled already", tally.again],
    ["runs that failed and should not have", tally.failures - vendors.failures],
    ["records left in the ledger", redis.records],
    ["receipts left in the ledger", redis.receipts],
    ["events left unconfirmed", redis.unconfirmed],
    ["events left as handled and unconfirmed", redis.handled],
    ["jobs left to be done", redis.openJobs],
    ["events parked", redis.parkedJobs],
    ["lines of the log that want a person", worker.errors],
  ];
  return [
    ...counts.filter(([, count]) => count > 0).map(([what, count]) => `${what}: ${count}`),
    ...(ready ? [] : ["the worker is not ready after the drain"]),
    ...tally.surprises.map((reason) => `a run failed that should not have: ${reason}`),
    ...new Set(worker.warnings.map((warning) => `the process warned: ${warning}`)),
  ];
}
