import { availableParallelism } from "node:os";
import { quantilesOf } from "../../../bench/kit/numbers.ts";
import type { FailoverVerdict } from "./verdict.ts";

/** The longest time from a new primary to the next work. */
const RESUMES_MS = 10_000;

/** The broken promises. Empty when all held. */
export function violationsOf(verdict: FailoverVerdict): readonly string[] {
  const { lostPulled, lostPushed, mayLosePushed, early, resumedMs, differences, secondRunsBy, waitReplicas } = verdict;
  const mustKeepPushed = waitReplicas > 0 && !mayLosePushed;
  const { locksLost, takenOver } = verdict.counted.workers;
  const found = [
    ...(lostPulled > 0 ? [`${lostPulled} pulled events were lost`] : []),
    ...(early > 0 ? [`${early} were confirmed before their success`] : []),
    ...(mustKeepPushed && lostPushed > 0 ? [`${lostPushed} events that were answered 200 were lost`] : []),
    ...(secondRunsBy.later > locksLost + takenOver ? [`${secondRunsBy.later} second runs have no reason`] : []),
    ...(resumedMs > RESUMES_MS ? [`work went on after ${resumedMs} ms only`] : []),
    ...differences,
  ];
  return found.map((what) => `${verdict.name}, REDIS_WAIT_REPLICAS=${waitReplicas}: ${what}`);
}

const HEADING = [
  "What happens",
  "Pulled lost",
  "Pushed lost",
  "Early",
  "Second runs",
  "Pushes refused",
  "Resumed after",
] as const;

/** In Markdown, as it stands in `docs/reliability.md`. */
export function reportOf(verdicts: readonly FailoverVerdict[]): string {
  const lines = [...Map.groupBy(verdicts, ({ name }) => name).values()].map(rowOf);
  return [summaryOf(verdicts), "", row(HEADING), `|${HEADING.map(() => "---").join("|")}|`, ...lines].join("\n");
}

/** The label of a row in the table. */
export function labelOf(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function summaryOf(verdicts: readonly FailoverVerdict[]): string {
  const sum = (of: (one: FailoverVerdict) => number): string => number(verdicts.reduce((all, one) => all + of(one), 0));
  const agreeing = verdicts.filter(({ differences }) => differences.length === 0).length;
  const minutes = verdicts.reduce((all, { tookMs }) => all + tookMs, 0) / 60_000;
  const servers = [...new Set(verdicts.map(({ server }) => server))].join(", ");
  const resumed = quantilesOf(verdicts.map(({ resumedMs }) => resumedMs)).p99;
  return [
    `${servers} on ${availableParallelism()} cores, ${verdicts.length} runs in ${minutes.toFixed(0)} minutes:`,
    `${sum(({ published }) => published)} events published, ${sum(({ counted }) => counted.successes)} runs that succeeded,`,
    `${sum(({ lostPulled }) => lostPulled)} pulled events lost, ${sum(({ early }) => early)} confirmed early,`,
    `resumed after ${seconds(resumed)} at p99.`,
    `What vendor, workers and handlers counted agrees in ${agreeing} of ${verdicts.length} runs.`,
  ].join(" ");
}

/** Without a replica to wait for, then with one. */
function rowOf(pair: readonly FailoverVerdict[]): string {
  const cell = (text: (one: FailoverVerdict) => string): string => pair.map(text).join(", ");
  return row([
    labelOf(pair[0]?.name ?? ""),
    cell(({ lostPulled }) => lossOf(lostPulled)),
    cell(({ lostPushed }) => lossOf(lostPushed)),
    cell(({ early }) => lossOf(early)),
    cell(secondRunsOf),
    cell(({ refused }) => number(refused)),
    cell(({ resumedMs }) => seconds(resumedMs)),
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function lossOf(count: number): string {
  return count === 0 ? "0" : `**${number(count)}**`;
}

function secondRunsOf({ secondRuns, secondRunsBy: { noteLost, meanwhile, later } }: FailoverVerdict): string {
  const reasons = [
    ...(noteLost > 0 ? [`${number(noteLost)} noted before`] : []),
    ...(meanwhile > 0 ? [`${number(meanwhile)} meanwhile`] : []),
    ...(later > 0 ? [`${number(later)} later`] : []),
  ];
  return secondRuns === 0 ? "0" : `${number(secondRuns)} (${reasons.join("; ")})`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
