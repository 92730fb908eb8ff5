/** Events at the vendor's full quota for minutes. The row shows the worker's cost, and how far it falls behind. */
import { z } from "zod";
import type { Part } from "../kit/part.ts";
import { Aged, Cost, type VendorEnv } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { sendAhead, startVendor } from "../kit/vendor.ts";
import { inNewWorld, type World } from "../kit/world.ts";

/** The quota of Tencent and MNS. A call takes 16 events. */
const CALLS_PER_SECOND = 100;
const PER_SECOND = 16 * CALLS_PER_SECOND;
/** The number of events that the vendor remembers. */
const HISTORY = 50_000;

export const ceiling = createRow({
  async measure({ options: { ceilingS: seconds, concurrency }, step }) {
    const atCeiling = await step(`ceiling: worker, ${seconds} s`, (signal) => measure(seconds, concurrency, signal));
    // a short time is enough, since the loop stores nothing
    const loopS = Math.ceil(seconds / 10);
    const loop = await step(`ceiling: plain loop, ${loopS} s`, (signal) => measureLoop(loopS, signal));
    return { worker: atCeiling, loop };
  },
  figures: ({ worker }) => [
    ["longest unconfirmed at the vendor's ceiling, s", "lower", [worker.aged.oldestMs / 1_000]],
    ["share of a core at the vendor's ceiling, process", "lower", [worker.processShare]],
    ["share of a core at the vendor's ceiling, Redis", "lower", [worker.redisShare]],
  ],
  sections: (both, { ceilingS }) => [
    {
      title: `${cell([PER_SECOND])} events/s for ${ceilingS} s under the vendor's quota of ${CALLS_PER_SECOND} calls/s`,
      table: reportOf(both),
    },
  ],
});

type Ceiling = {
  readonly aged: Aged;
  /** The time from the first publishing to the last confirmation. */
  readonly seconds: number;
  readonly events: number;
  /** The share of one core. */
  readonly processShare: number;
  readonly redisShare: number;
};

function measure(seconds: number, concurrency: number, signal: AbortSignal): Promise<Ceiling> {
  return inNewWorld(async (world) => {
    const worker = world.part("worker");
    return await underPace(world, { consumer: worker, callsPerSecond: CALLS_PER_SECOND, seconds }, async (env) => {
      const { redisUrl } = world;
      const start = { redisUrl, env, concurrency, callsPerSecond: CALLS_PER_SECOND };
      await worker.ask("start", start, z.undefined());
    });
  }, signal);
}

/** Runs without the quota, since a call beyond it would end the loop. */
function measureLoop(seconds: number, signal: AbortSignal): Promise<Ceiling> {
  return inNewWorld(async (world) => {
    const loop = world.part("plain-loop");
    const terms = { consumer: loop, callsPerSecond: 0, seconds };
    return await underPace(world, terms, (env) => loop.ask("start", { env }, z.undefined()));
  }, signal);
}

async function underPace(
  { part, redisCost }: World,
  { consumer, callsPerSecond, seconds }: { consumer: Part; callsPerSecond: number; seconds: number },
  start: (env: VendorEnv) => Promise<void>,
): Promise<Ceiling> {
  const simulator = part("simulator");
  await start(await startVendor(simulator, { historyLimit: HISTORY, callsPerSecond }));
  await sendAhead(simulator, PER_SECOND);
  await consumer.ask("startCost", undefined, z.undefined());
  const [before, started] = [await redisCost(), performance.now()];
  const aged = await simulator.ask("paceAged", { perSecond: PER_SECOND, seconds }, Aged);
  const took = (performance.now() - started) / 1_000;
  const [{ cpuSeconds }, after] = [await consumer.ask("cost", undefined, Cost), await redisCost()];
  return {
    aged,
    seconds: took,
    events: PER_SECOND * seconds,
    processShare: cpuSeconds / took,
    redisShare: (after.cpuSeconds - before.cpuSeconds) / took,
  };
}

function reportOf(both: { readonly worker: Ceiling; readonly loop: Ceiling }): string {
  const row = (label: string, value: (one: Ceiling) => number, digits = 0): Row => [
    label,
    ...[both.worker, both.loop].map((one) => cell([value(one)], digits)),
  ];
  return tableOf([
    ["the vendor's ceiling", "worker", "plain loop"],
    row("events/s", ({ events, seconds }) => events / seconds),
    row("longest unconfirmed, s", ({ aged }) => aged.oldestMs / 1_000, 2),
    row("published -> confirmed, p50, ms", ({ aged }) => aged.confirmedAfterMs.p50),
    row("published -> confirmed, p99, ms", ({ aged }) => aged.confirmedAfterMs.p99),
    row("% of a core, process", ({ processShare }) => 100 * processShare),
    row("% of a core, Redis", ({ redisShare }) => 100 * redisShare),
    row("calls per event", ({ aged, events }) => (aged.pulls + aged.confirms) / events, 4),
  ]);
}
