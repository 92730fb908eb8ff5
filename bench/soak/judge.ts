/** What a soak has shown. */
import { QUANTITIES, type Quantity } from "./quantities.ts";
import type { Sample, Soaked } from "./soak.ts";
import { type Trend, trendOf } from "./trend.ts";

export type Row = { readonly quantity: Quantity; readonly trend: Trend };

export type Judgement = {
  readonly rows: readonly Row[];
  /** Of the time that was judged. */
  readonly minutes: number;
  readonly events: number;
  readonly perSecond: number;
  /** One sentence each; none: flat, and nothing was lost. */
  readonly problems: readonly string[];
};

/** Of the rate that was asked for: a sample is not taken to the millisecond, and what is under way is not confirmed yet. */
const HELD = 0.97;
const LEAST_SAMPLES = 3;
const NOT_JUDGED = { absolute: Infinity, relative: 0 };

export function judge(soaked: Soaked, rate: number): Judgement {
  const judged = soaked.samples.filter(({ atMs }) => atMs >= soaked.tempo.warmUpMs);
  const [first, last] = [judged[0], judged.at(-1)];
  const seconds = first && last ? (last.atMs - first.atMs) / 1_000 : 0;
  const events = first && last ? last.vendors.confirmed - first.vendors.confirmed : 0;
  const rows = QUANTITIES.flatMap((quantity) => rowOf(quantity, judged));
  const perSecond = events / seconds;
  const problems = [
    ...(soaked.end ? [] : ["it was stopped before its end"]),
    ...(perSecond >= rate * HELD ? [] : [`${Math.round(perSecond)} events/s were confirmed instead of ${rate}`]),
    ...rows.filter(({ trend }) => trend.grown).map(({ quantity }) => `${quantity.name.trim()}: growing`),
    ...(soaked.end ? problemsAtEnd(soaked.end) : []),
  ];
  return { rows, minutes: seconds / 60, events, perSecond, problems };
}

function rowOf(quantity: Quantity, samples: readonly Sample[]): Row[] {
  const points = samples.flatMap((sample) => {
    const value = quantity.of(sample);
    return value === undefined ? [] : [{ at: sample.vendors.confirmed, value }];
  });
  return points.length < LEAST_SAMPLES ? [] : [{ quantity, trend: trendOf(points, quantity.allowance ?? NOT_JUDGED) }];
}

function problemsAtEnd({ vendors, redis, worker, tally, ready }: Soaked["end"] & object): string[] {
  const counts: readonly (readonly [number, string])[] = [
    [vendors.pauses, "pauses in publishing, since too much was unconfirmed"],
    [vendors.unconfirmed, "events are not confirmed after the drain"],
    [vendors.lostPushes, "pushes were given up by their vendor"],
    [tally.missing, "events were never handled"],
    [tally.again, "successful events were handled again"],
    [redis.records, "records are left in the ledger"],
    [redis.receipts, "receipts are left in the ledger"],
    [redis.owed, "events are still owed"],
    [redis.handled, "handled events still owe their confirmation"],
    [redis.openJobs, "jobs are still to be done"],
    [redis.parkedJobs, "events are parked"],
    [worker.errors, "lines of the log want a person"],
    [ready ? 0 : 1, "the worker is not ready after the drain"],
  ];
  return [
    ...counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`),
    ...new Set(worker.warnings.map((warning) => `the process warned: ${warning}`)),
  ];
}
