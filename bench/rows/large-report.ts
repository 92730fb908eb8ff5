import { MB } from "../kit/numbers.ts";
import type { Found, Section } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { PER_SECOND } from "./beside.ts";
import type { Large } from "./large.ts";
import { baselineOf } from "./large-cases.ts";

export function figuresOf(found: readonly Large[]): readonly Found[] {
  return found.flatMap((one): Found[] => {
    const none = baselineOf(one, found);
    if (!none || none === one) return [];
    return [
      [`events/s beside ${one.name}, against none`, "higher", [rate(one) / rate(none)]],
      [`ms to confirmed, p50, beside ${one.name}, against none`, "lower", [p50(one) / p50(none)]],
      // Large bodies have their own cost among the ordinary events.
      ...(one.mix ? [] : [[`CPU beside ${one.name}, against none`, "lower", [cpu(one) / cpu(none)]] satisfies Found]),
      ...(one.bytesEach === undefined
        ? []
        : [[`Redis bytes each, ${one.name}`, "lower", [one.bytesEach]] satisfies Found]),
    ];
  });
}

type Sizes = { readonly few: number; readonly latencyS: number; readonly idleS: number };

export function sectionsOf(found: readonly Large[], { few, latencyS, idleS }: Sizes): readonly Section[] {
  return [
    {
      title: `${cell([few])} events at once, then ${PER_SECOND} events/s for ${latencyS} s, beside large and slow things: the ordinary events`,
      table: ordinaryTable(found),
    },
    { title: `what the large and slow ones cost; at rest means ${idleS} s or a window`, table: oddTable(found) },
  ];
}

function ordinaryTable(found: readonly Large[]): string {
  const rows = found.map((one): Row => {
    const against = (value: (of: Large) => number): string => {
      const none = baselineOf(one, found);
      return cell(none ? [value(one) / value(none)] : [], 2);
    };
    const { events, processSeconds, redisSeconds, confirmedAfterMs } = one.beside;
    return [
      one.name,
      cell([rate(one)]),
      against(rate),
      ...[processSeconds, redisSeconds].map((seconds) => cell([(seconds * 1_000) / events], 3)),
      against(cpu),
      cell([confirmedAfterMs.p50], 1),
      against(p50),
      cell([confirmedAfterMs.p99], 1),
    ];
  });
  const costs = ["CPU ms, process", "Redis", "CPU : none"];
  const times = ["confirmed after ms, p50", "p50 : none", "p99"];
  return tableOf([["ordinary events beside", "events/s", ": none", ...costs, ...times], ...rows]);
}

function oddTable(found: readonly Large[]): string {
  const rows = found.map((one): Row => {
    const { bytesEach, broughtS, worker, idle, before } = one;
    return [
      one.name,
      cell(before ? [broughtS] : [], 1),
      cell(bytesEach === undefined ? [] : [bytesEach]),
      cell(cpuOfEach(one, found), 2),
      cell([worker.rssBytes / MB]),
      cell([worker.peakRssBytes / MB]),
      cell([100 * idle.process], 1),
      cell([100 * idle.redis], 1),
      cell([idle.deliveriesPerSecond]),
    ];
  });
  const head = ["s until all are there", "Redis bytes each", "CPU ms each", "RSS, MB", "most RSS, MB"];
  const atRest = ["at rest: % of a core, process", "Redis", "deliveries/s"];
  return tableOf([["large and slow", ...head, ...atRest], ...rows]);
}

/** Of odd events among ordinary ones: what is left of the cost when the ordinary ones cost as much as without. */
function cpuOfEach(one: Large, found: readonly Large[]): readonly number[] {
  const none = baselineOf(one, found);
  if (!one.mix || !none) return [];
  const { events } = one.beside;
  const odd = events / (one.mix.oddEvery - 1);
  return [(1_000 * events * (cpu(one) - cpu(none))) / odd];
}

function rate({ beside }: Large): number {
  return beside.events / beside.seconds;
}

/** CPU seconds per ordinary event, worker and Redis. */
function cpu({ beside }: Large): number {
  return (beside.processSeconds + beside.redisSeconds) / beside.events;
}

function p50({ beside }: Large): number {
  return beside.confirmedAfterMs.p50;
}
