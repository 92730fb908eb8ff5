import { quantilesOf } from "../../../bench/kit/numbers.ts";
import type { Verdict } from "./verdict.ts";

/** The broken promises. Empty when all held. */
export function violationsOf({
  lost,
  early,
  unexplained,
  chargedAgain,
  limitBreaks,
  stuck,
  deaths,
}: Verdict): readonly string[] {
  return [
    ...lost.map((id) => `lost: ${id}`),
    ...early.map((id) => `confirmed before its success: ${id}`),
    ...unexplained.map((told) => `handled again without a reason: ${told}`),
    ...chargedAgain.map((told) => `its step ran again without a reason: ${told}`),
    ...limitBreaks,
    ...stuck.map((what) => `never quiet: ${what}`),
    ...deaths,
  ];
}

export function reportOf(verdict: Verdict): string {
  const { published, handled, confirmed, lost, early, extraRuns, incidents, unconfirmedMs } = verdict;
  const extra = [...extraRuns.values()].reduce((sum, count) => sum + count, 0);
  const rows: [string, string][] = [
    ["published", whole(published)],
    ["handled", whole(handled)],
    ["confirmed", whole(confirmed)],
    ["lost", whole(lost.length)],
    ["confirmed before success", whole(early.length)],
    ["extra runs per 10,000", ((extra / published) * 10_000).toFixed(1)],
    ...[...extraRuns].map(([why, count]): [string, string] => [`  ${why}`, whole(count)]),
    ["taken over after a kill", spread(verdict.takenOverMs)],
    ["work resumed after Redis returned", spread(verdict.resumedMs)],
    ["published to confirmed", spread(unconfirmedMs)],
    ["longest unconfirmed", seconds(Math.max(...unconfirmedMs))],
    ["all quiet after", seconds(verdict.quietMs)],
    ["incidents", whole([...incidents.values()].reduce((sum, count) => sum + count, 0))],
    ...[...incidents].map(([what, count]): [string, string] => [`  ${what}`, whole(count)]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return "never";
  const { p50, p99 } = quantilesOf(values);
  return `p50 ${seconds(p50)}, p99 ${seconds(p99)}, most ${seconds(Math.max(...values))} (${whole(values.length)} times)`;
}

const whole = (count: number): string => count.toLocaleString("en-US");
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
