import { type Row, tableOf } from "../../../bench/kit/table.ts";
import type { FailoverVerdict } from "./failover.ts";

/** The longest time from a new primary to the next work. */
const RESUMES_MS = 10_000;

/** The broken promises. Empty when all held. */
export function violationsOf(verdict: FailoverVerdict) {
  const { name, waitReplicas, lostPulled, lostPushed, early, resumedMs, isReconciled } = verdict;
  const where = `${name}, REDIS_WAIT_REPLICAS=${waitReplicas}`;
  return [
    ...(lostPulled > 0 ? [`${where}: ${lostPulled} pulled events were lost`] : []),
    ...(early > 0 ? [`${where}: ${early} were confirmed before their success`] : []),
    ...(waitReplicas > 0 && lostPushed > 0 ? [`${where}: ${lostPushed} events that were answered 200 were lost`] : []),
    ...(isReconciled ? [] : [`${where}: the counts of vendor, callers and handlers differ`]),
    ...(resumedMs > RESUMES_MS ? [`${where}: work went on after ${resumedMs} ms only`] : []),
  ];
}

export function reportOf(verdicts: readonly FailoverVerdict[]): string {
  return tableOf([
    [
      "what happens",
      "waits for",
      "events",
      "refused",
      "pulled lost",
      "pushed lost",
      "early",
      "second runs",
      "failovers",
      "on after",
      "longest pause",
    ],
    ...verdicts.map((one): Row => [
      one.name,
      String(one.waitReplicas),
      String(one.published),
      String(one.refused),
      String(one.lostPulled),
      String(one.lostPushed),
      String(one.early),
      secondRunsOf(one),
      String(one.failovers),
      `${(one.resumedMs / 1_000).toFixed(1)} s`,
      `${(one.pausedMs / 1_000).toFixed(1)} s`,
    ]),
  ]);
}

function secondRunsOf({ secondRuns, secondRunsBy: { noteLost, meanwhile, later } }: FailoverVerdict): string {
  if (secondRuns === 0) return "0";
  const reasons = [
    ...(noteLost > 0 ? [`${noteLost} noted before`] : []),
    ...(meanwhile > 0 ? [`${meanwhile} meanwhile`] : []),
    ...(later > 0 ? [`${later} later`] : []),
  ];
  return `${secondRuns}: ${reasons.join(", ")}`;
}
