/**
 * Several processes whose handlers wait. Each should add the throughput of one, until cores or the vendor's quota run
 * out.
 */
import { z } from "zod";
import { Cost } from "../kit/replies.ts";
import { createRow, type Found } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { publishAll, sendAhead, startVendor } from "../kit/vendor.ts";
import { inNewWorld } from "../kit/world.ts";
import { onCluster, PRIMARIES, primaryFigures, primarySection } from "./primaries.ts";

const WORKERS = [1, 2, 4];
const HANDLER_MS = 50;
/** Places in each process. They are few, so that places run out before cores do. */
const CONCURRENCY = 8;
const WARM_UP = 200;

export const scale = createRow({
  async measure({ options: { scaleS, few, concurrency }, step }) {
    const workers = [];
    for (const count of WORKERS)
      workers.push(await step(`scale: ${count} workers`, (signal) => measure(count, scaleS, signal)));
    const primaries = [];
    for (const count of PRIMARIES)
      primaries.push(
        await step(`scale: ${count} primaries`, (signal) => onCluster(count, { events: few, concurrency }, signal)),
      );
    return { workers, primaries };
  },
  figures: ({ workers: [one, ...others], primaries }) => [
    ...others.map((more): Found => [
      `events/s of ${more.workers} workers, against ${more.workers} times one`,
      "higher",
      [one ? linear(more, one) : NaN],
    ]),
    ...primaryFigures(primaries),
  ],
  sections: ({ workers, primaries }, { few }) => [
    {
      title: `handlers of ${HANDLER_MS} ms, ${CONCURRENCY} at once in each process: a place for ${perSecond(1)} events/s`,
      table: reportOf(workers),
    },
    primarySection(primaries, few),
  ],
});

type Scale = {
  readonly workers: number;
  readonly events: number;
  readonly seconds: number;
  /** The total of all workers. */
  readonly cpuSeconds: number;
};

function perSecond(workers: number): number {
  return (workers * CONCURRENCY * 1_000) / HANDLER_MS;
}

function measure(count: number, seconds: number, signal: AbortSignal): Promise<Scale> {
  return inNewWorld(async ({ redisUrl, part }) => {
    const events = perSecond(count) * seconds;
    const [simulator, workers] = [part("simulator"), Array.from({ length: count }, () => part("worker"))];
    const env = await startVendor(simulator, { historyLimit: events + WARM_UP });
    const start = { redisUrl, env, concurrency: CONCURRENCY, handlerMs: HANDLER_MS };
    await Promise.all(workers.map((worker) => worker.ask("start", start, z.undefined())));
    await sendAhead(simulator, WARM_UP * count);
    await Promise.all(workers.map((worker) => worker.ask("startCost", undefined, z.undefined())));
    const { seconds: took } = await publishAll(simulator, events);
    const costs = await Promise.all(workers.map((worker) => worker.ask("cost", undefined, Cost)));
    return {
      workers: count,
      events,
      seconds: took,
      cpuSeconds: costs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    };
  }, signal);
}

function linear(more: Scale, one: Scale): number {
  return rate(more) / rate(one) / (more.workers / one.workers);
}

function rate({ events, seconds }: Scale): number {
  return events / seconds;
}

function reportOf(found: readonly Scale[]): string {
  const row = (label: string, value: (one: Scale) => number, digits = 0): Row => [
    label,
    ...found.map((one) => cell([value(one)], digits)),
  ];
  return tableOf([
    ["so many processes", ...found.map(({ workers }) => String(workers))],
    row("events/s : as many times one's", (more) => (found[0] ? linear(more, found[0]) : NaN), 2),
    row("events/s", rate),
    row("places for events/s", ({ workers }) => perSecond(workers)),
    row("CPU ms per event, processes", ({ cpuSeconds, events }) => (cpuSeconds * 1_000) / events, 3),
  ]);
}
