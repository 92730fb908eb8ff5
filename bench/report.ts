/** The results as people read them: ratios first, since times are only of this machine and this moment. */
import type { Backlog } from "./backlog.ts";
import type { Latency } from "./latency.ts";
import type { Memory } from "./memory.ts";
import { cell, tableOf, type Row } from "./table.ts";
import type { Throughput } from "./throughput.ts";

export type Results = {
  readonly throughput: { readonly worker: Throughput; readonly loop: Throughput; readonly queue: Throughput }[];
  readonly backlogs?: readonly Backlog[];
  readonly latency?: { readonly worker: Latency; readonly loop: Latency };
  readonly memory?: Memory;
};

const MB = 1024 * 1024;

export function throughputReport(runs: Results["throughput"], events: number): string {
  const [workers, loops, queues] = [
    runs.map(({ worker }) => worker),
    runs.map(({ loop }) => loop),
    runs.map(({ queue }) => queue),
  ];
  const row = (label: string, of: (one: Throughput) => number | undefined, digits = 0): Row => [
    label,
    ...[workers, loops, queues].map((ones) =>
      cell(
        ones.flatMap((one) => of(one) ?? []),
        digits,
      ),
    ),
  ];
  const perThousand = (value: number): number => (value * 1_000) / events;
  const rate = ({ seconds }: Throughput): number => events / seconds;
  const cpu = ({ cost }: Throughput): number => perThousand(cost.cpuSeconds);
  const ratio = (label: string, of: (one: Throughput) => number): Row => [
    label,
    "",
    cell(
      runs.map(({ worker, loop }) => of(worker) / of(loop)),
      2,
    ),
    cell(
      runs.map(({ worker, queue }) => of(worker) / of(queue)),
      2,
    ),
  ];
  return tableOf([
    ["throughput of a backlog", "worker", "plain loop", "BullMQ alone"],
    ratio("worker's events/s : its", rate),
    ratio("worker's CPU : its", cpu),
    ratio("worker's peak RSS : its", ({ cost }) => cost.peakRssBytes),
    row("events/s", rate),
    row("CPU ms per event, process", cpu, 3),
    row(
      "CPU ms per event, Redis",
      ({ redis }) => redis && perThousand(redis.after.cpuSeconds - redis.before.cpuSeconds),
      3,
    ),
    row("calls per event", ({ vendor }) => vendor && (vendor.pulls + vendor.confirms) / events, 4),
    row("  of these pulls", ({ vendor }) => vendor && vendor.pulls / events, 4),
    row("  failed calls", ({ vendor }) => vendor?.failedCalls),
    row("deliveries per event", ({ vendor }) => vendor && vendor.delivered / events, 3),
    row("handler runs per event", ({ runs: count }) => (count === undefined ? undefined : count / events), 3),
    row("peak RSS, MB", ({ cost }) => cost.peakRssBytes / MB),
    row("heap in use at the end, MB", ({ cost }) => cost.heapBytes / MB),
    row(
      "Redis bytes per event at the end",
      ({ redis }) => redis && (redis.after.usedBytes - redis.before.usedBytes) / events,
    ),
    row("Redis keys at the end", ({ redis }) => redis?.after.keys),
  ]);
}

export function backlogReport(backlogs: readonly Backlog[]): string {
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

export function latencyReport(of: Results["latency"] & object, events: number): string {
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

export function memoryReport({ atRest, held, confirmed, forgotten }: Memory, events: number): string {
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
