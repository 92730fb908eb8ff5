import { MB } from "../kit/numbers.ts";
import type { Found } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { commandsOf, cpuOf, type Throughput } from "./contestants.ts";

export type Run = {
  readonly worker: Throughput;
  readonly loop: Throughput;
  readonly queue: Throughput;
  /** BullMQ alone, beside a plain loop. */
  readonly both: Throughput;
};

type Column = "worker" | "loop" | "queue" | "both";

const COLUMNS: readonly Column[] = ["worker", "loop", "queue"];

export function figuresOf(runs: readonly Run[], events: number): readonly Found[] {
  const of = (value: (run: Run) => number): number[] => runs.map(value);
  const rate = ({ seconds }: Throughput): number => events / seconds;
  return [
    ["events/s", "higher", of(({ worker }) => rate(worker))],
    [
      "events/s against BullMQ alone beside a plain loop",
      "higher",
      of(({ worker, both }) => rate(worker) / rate(both)),
    ],
    ["CPU ms per event, process", "lower", of(({ worker }) => (cpuOf(worker).process * 1_000) / events)],
    ["CPU ms per event, Redis", "lower", of(({ worker }) => (cpuOf(worker).redis * 1_000) / events)],
    ["CPU against the sum of its parts", "lower", of(costRatio)],
    ["Redis commands per event", "lower", of(({ worker }) => commandsOf(worker).all / events)],
    ["calls per event", "lower", of(({ worker }) => callsOf(worker) / events)],
    ["peak RSS, MB", "lower", of(({ worker }) => worker.cost.peakRssBytes / MB)],
  ];
}

export function reportOf(runs: readonly Run[], events: number): string {
  const of = (column: Column, value: (one: Throughput) => number | undefined, digits: number): string =>
    cell(
      runs.flatMap((run) => value(run[column]) ?? []),
      digits,
    );
  const over = (value: (run: Run) => number, digits = 2): string => cell(runs.map(value), digits);
  const row = (label: string, value: (one: Throughput) => number | undefined, digits = 0): Row => [
    label,
    ...COLUMNS.map((column) => of(column, value, digits)),
  ];
  const ms = (seconds: number): number => (seconds * 1_000) / events;
  const rate = ({ seconds }: Throughput): number => events / seconds;
  const ratio = (label: string, value: (one: Throughput) => number): string[] => [
    label,
    "",
    over(({ worker, loop }) => value(worker) / value(loop)),
    over(({ worker, queue }) => value(worker) / value(queue)),
  ];
  const [rates, costs] = [ratio("worker's events/s : its", rate), ratio("worker's CPU, process and Redis : its", cpu)];
  return tableOf([
    ["throughput of a backlog", "worker", "plain loop", "BullMQ alone", "sum of its parts", "BullMQ beside the loop"],
    [rates[0] ?? "", ...rates.slice(1), "", over(({ worker, both }) => rate(worker) / rate(both))],
    [costs[0] ?? "", ...costs.slice(1), over(costRatio)],
    [...row("events/s", rate), "", of("both", rate, 0)],
    [
      ...row("CPU ms per event, process", (one) => ms(cpuOf(one).process), 3),
      over(({ loop, queue }) => ms(cpuOf(loop).process + cpuOf(queue).process), 3),
    ],
    [
      ...row(
        "CPU ms per event, Redis",
        inRedis((one) => ms(cpuOf(one).redis)),
        3,
      ),
      over(({ queue }) => ms(cpuOf(queue).redis), 3),
    ],
    row("CPU ms per event, simulator", ({ vendorCost }) => vendorCost && ms(vendorCost.cpuSeconds), 3),
    row(
      "Redis commands per event",
      inRedis((one) => commandsOf(one).all / events),
      1,
    ),
    row(
      "  of these scripts",
      inRedis((one) => commandsOf(one).scripts / events),
      2,
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

/** Returns undefined where there is no Redis. */
function inRedis(value: (one: Throughput) => number) {
  return (one: Throughput): number | undefined => one.redis && value(one);
}

function cpu(one: Throughput): number {
  return cpuOf(one).process + cpuOf(one).redis;
}

/** The CPU time of the worker and its Redis, compared with the loop and BullMQ alone together. */
function costRatio({ worker, loop, queue }: Run): number {
  const [all, pulls, jobs] = [cpuOf(worker), cpuOf(loop), cpuOf(queue)];
  return (all.process + all.redis) / (pulls.process + jobs.process + jobs.redis);
}

function callsOf({ vendor }: Throughput): number {
  return (vendor?.pulls ?? 0) + (vendor?.confirms ?? 0);
}
