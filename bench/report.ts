/** The results as people read them: ratios first, since times are only of this machine and this moment. */
import type { Backlog } from "./backlog.ts";
import type { Calls } from "./calls.ts";
import { oddRatio } from "./figures.ts";
import type { Latency } from "./latency.ts";
import type { Memory } from "./memory.ts";
import { type Odd, othersIn } from "./odd.ts";
import type { Options } from "./options.ts";
import type { Results } from "./results.ts";
import type { Start } from "./start.ts";
import { cell, tableOf, type Row } from "./table.ts";
import { throughputReport } from "./throughput-report.ts";

const MB = 1024 * 1024;

export function reportOf(results: Results, { concurrency, latencyS, callsS }: Options, perSecond: number): string {
  const { events, throughput, latency, calls, odd, start, backlogs, memory } = results;
  const many = events.toLocaleString("en-US");
  const runs = throughput.length > 1 ? `medians of ${throughput.length} runs (smallest to largest)` : "one run";
  const sections: [title: string, table: string][] = [];
  if (throughput.length > 0)
    sections.push([
      `${runs}, in fresh warm processes: ${many} events of all types in turn, ${concurrency} handlers at once`,
      throughputReport(throughput, events),
    ]);
  for (const one of latency ?? [])
    sections.push([
      `${perSecond} events/s for ${latencyS} s, a call takes ${one.callMs} ms, both at the same time`,
      latencyReport(one, perSecond * latencyS),
    ]);
  if (calls) sections.push([`1 event/s for ${callsS} s, then none, both at the same time`, callsReport(calls)]);
  if (odd) sections.push([`${many} events, time until the last of the others is confirmed`, oddReport(odd)]);
  if (start) sections.push(["an event waits, and its process is started", startReport(start)]);
  if (backlogs) sections.push(["each beside the same events without a limit", backlogReport(backlogs)]);
  if (memory)
    sections.push([
      `${memory.events.toLocaleString("en-US")} events held by busy handlers, then confirmed, then over their grace`,
      memoryReport(memory, memory.events),
    ]);
  return sections.map(([title, table]) => `${title}\n${table}\n`).join("\n");
}

function callsReport({ worker, loop }: { readonly worker: Calls; readonly loop: Calls }): string {
  const row = (label: string, value: (one: Calls) => number): Row => [
    label,
    ...[worker, loop].map((one) => cell([value(one)], 2)),
  ];
  return tableOf([
    ["calls where little happens", "worker", "plain loop"],
    row("confirm calls per event", ({ confirmsPerEvent }) => confirmsPerEvent),
    row("pulls per event", ({ pullsPerEvent }) => pullsPerEvent),
    row("pulls per 5 s, idle", ({ pullsIdle }) => pullsIdle),
  ]);
}

function oddReport(odd: readonly Odd[]): string {
  const rows = odd.map((one): Row => {
    const { events, seconds, secondsClean, mostPerSecond } = one;
    const rates = [
      othersIn(one) / seconds,
      events / secondsClean,
      ...(mostPerSecond === undefined ? [] : [mostPerSecond]),
    ];
    return [one.name, cell([oddRatio(one)], 2), ...rates.map((rate) => cell([rate]))];
  });
  return tableOf([
    ["a few odd events", "others' events/s : without odd ones", "with", "without", "what places allow"],
    ...rows,
  ]);
}

function startReport(start: readonly Start[]): string {
  return tableOf([
    ["start", ...start.map(({ name }) => name)],
    [
      "s to the first event",
      ...start.map(({ ms }) =>
        cell(
          ms.map((value) => value / 1_000),
          2,
        ),
      ),
    ],
  ]);
}

function backlogReport(backlogs: readonly Backlog[]): string {
  const rows = backlogs.map((one): Row => [
    one.name,
    ...[one.seconds / one.secondsWithRoom, one.deliveriesPerEvent, one.deliveriesPerEventWithRoom].map((value) =>
      cell([value], 2),
    ),
    cell([one.idleSeconds], 1),
    cell([one.seconds], 1),
    cell([one.events]),
  ]);
  const head = ["time : with room for all", "deliveries per event", "with room for all", "idle s", "s", "events"];
  return tableOf([["a backlog and its limit", ...head], ...rows]);
}

function latencyReport(of: { readonly worker: Latency; readonly loop: Latency }, events: number): string {
  const row = (label: string, value: (one: Latency) => number, digits = 1): Row => {
    const [worker, loop] = [value(of.worker), value(of.loop)];
    return [label, cell([worker], digits), cell([loop], digits), cell([worker / loop], 2)];
  };
  const quantiles = ["p50", "p95", "p99"] as const;
  return tableOf([
    ["latency at a steady pace, ms", "worker", "plain loop", "worker : loop"],
    ...quantiles.map((p) => row(`published -> handler starts, ${p}`, ({ handled }) => handled.startedAfterMs[p])),
    ...quantiles.map((p) => row(`published -> confirmed, ${p}`, ({ vendor }) => vendor.confirmedAfterMs[p])),
    row("calls per event", ({ vendor }) => (vendor.pulls + vendor.confirms) / events, 2),
    [
      "slowest write of Redis to disk, ms",
      cell(of.worker.slowestSyncMs === undefined ? [] : [of.worker.slowestSyncMs]),
    ],
  ]);
}

function memoryReport({ atRest, held, confirmed, forgotten }: Memory, events: number): string {
  const stations = [atRest, held, confirmed, forgotten];
  const row = (label: string, of: (one: (typeof stations)[number]) => number): Row => [
    label,
    ...stations.map((one) => cell([of(one)])),
  ];
  return tableOf([
    ["memory of the worker", "at rest", "events held", "confirmed", "forgotten"],
    row("heap in use, MB", ({ worker }) => worker.heapBytes / MB),
    row("  bytes per event", ({ worker }) => (worker.heapBytes - atRest.worker.heapBytes) / events),
    row("RSS, MB", ({ worker }) => worker.rssBytes / MB),
    row("Redis, MB", ({ redis }) => redis.usedBytes / MB),
    row("  bytes per event", ({ redis }) => (redis.usedBytes - atRest.redis.usedBytes) / events),
    row("Redis keys", ({ redis }) => redis.keys),
  ]);
}
