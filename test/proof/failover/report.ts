import { type Row, tableOf } from "../../../bench/kit/table.ts";
import type { FailoverVerdict } from "./failover.ts";

/** The longest that work may take to go on once there is a primary. */
const RESUMES_MS = 10_000;

/** What must not be: empty when all promises held. */
export function violationsOf({ name, waitReplicas, lostPulled, lostPushed, early, resumedMs }: FailoverVerdict) {
  const where = `${name}, REDIS_WAIT_REPLICAS=${waitReplicas}`;
  return [
    ...(lostPulled > 0 ? [`${where}: ${lostPulled} pulled events were lost`] : []),
    ...(early > 0 ? [`${where}: ${early} were confirmed before their success`] : []),
    ...(waitReplicas > 0 && lostPushed > 0 ? [`${where}: ${lostPushed} events that were answered 200 were lost`] : []),
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
    ],
    ...verdicts.map((one): Row => [
      one.name,
      String(one.waitReplicas),
      String(one.published),
      String(one.refused),
      String(one.lostPulled),
      String(one.lostPushed),
      String(one.early),
      String(one.secondRuns),
      String(one.failovers),
      `${(one.resumedMs / 1_000).toFixed(1)} s`,
    ]),
  ]);
}
