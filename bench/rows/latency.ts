/** The time that one event takes at a steady pace, through the worker and through the plain loop. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Part } from "../kit/part.ts";
import { Handled, Seen, type VendorEnv } from "../kit/replies.ts";
import { createRow, type Found } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { sendAhead, startVendor } from "../kit/vendor.ts";
import { inNewWorld } from "../kit/world.ts";

const PER_SECOND = 100;
const CALL_MS = [0, 20];
/** Calls per second. */
const QUOTA = 1_000;
/** The first events of a process wait for code to be compiled. They are left out. */
const WARM_UP = 200;
/** A second after its start a worker loads its pages and the vendor's library. That happens once, so it is left out. */
const LOADED_MS = 3_000;
/** Redis's list of slow events: name, time of the last one, its duration, and the longest duration. */
const SlowEvents = z.array(z.tuple([z.string(), z.number(), z.number(), z.number()]).rest(z.unknown()));

export const latency = createRow({
  async measure({ options: { latencyS: seconds, concurrency }, step }) {
    const found = [];
    for (const callMs of CALL_MS)
      found.push(
        await step(`latency, ${callMs} ms a call: worker and loop`, (signal) =>
          sideBySide({ seconds, concurrency, callMs }, signal),
        ),
      );
    return found;
  },
  figures: (found) => found.flatMap(figuresOf),
  sections: (found, { latencyS }) =>
    found.map((one) => ({
      title: `${PER_SECOND} events/s for ${latencyS} s, a call takes ${one.callMs} ms, both at the same time`,
      table: reportOf(one, PER_SECOND * latencyS),
    })),
});

type LatencyOptions = { readonly seconds: number; readonly concurrency: number; readonly callMs: number };

type Latency = {
  readonly handled: Handled;
  readonly vendor: Seen;
  /** Redis's longest wait for its disk. It tells a slow disk from a slow worker. */
  readonly slowestSyncMs?: number;
};

type Both = { readonly callMs: number; readonly worker: Latency; readonly loop: Latency };

/** Both run at the same time, so that they suffer from the machine equally. */
async function sideBySide(of: LatencyOptions, signal: AbortSignal): Promise<Both> {
  const [worker, loop] = await Promise.all([workerLatency(of, signal), loopLatency(of, signal)]);
  return { callMs: of.callMs, worker, loop };
}

function workerLatency(options: LatencyOptions, signal: AbortSignal): Promise<Latency> {
  return inNewWorld(async ({ redis, redisUrl, part }) => {
    await redis.config("SET", "latency-monitor-threshold", "1");
    const simulator = part("simulator");
    const worker = part("worker");
    const env = await openVendor(simulator, options);
    const { concurrency } = options;
    await worker.ask("start", { redisUrl, env, concurrency, callsPerSecond: QUOTA }, z.undefined());
    const found = await measure(simulator, worker, options);
    const slowest = SlowEvents.parse(await redis.latency("LATEST"));
    return { ...found, slowestSyncMs: slowest.find(([name]) => name === "aof-fsync-always")?.[3] ?? 1 };
  }, signal);
}

function loopLatency(options: LatencyOptions, signal: AbortSignal): Promise<Latency> {
  return inNewWorld(async ({ part }) => {
    const simulator = part("simulator");
    const loop = part("plain-loop");
    await loop.ask("start", { env: await openVendor(simulator, options) }, z.undefined());
    return await measure(simulator, loop, options);
  }, signal);
}

function openVendor(simulator: Part, { seconds, callMs }: LatencyOptions): Promise<VendorEnv> {
  return startVendor(simulator, { callMs, historyLimit: PER_SECOND * seconds + WARM_UP });
}

async function measure(simulator: Part, consumer: Part, { seconds }: LatencyOptions): Promise<Latency> {
  await sendAhead(simulator, WARM_UP);
  await sleep(LOADED_MS);
  await consumer.ask("forget", undefined, z.undefined());
  await simulator.ask("pace", { perSecond: PER_SECOND, seconds }, z.undefined());
  const vendor = await simulator.ask("allConfirmed", undefined, Seen);
  return { handled: await consumer.ask("handled", undefined, Handled), vendor };
}

function figuresOf({ callMs, worker }: Both): readonly Found[] {
  return (["p50", "p99"] as const).flatMap((p): Found[] => [
    [`ms to start, ${p}, ${callMs} ms a call`, "lower", [worker.handled.startedAfterMs[p]]],
    [`ms to confirmed, ${p}, ${callMs} ms a call`, "lower", [worker.vendor.confirmedAfterMs[p]]],
  ]);
}

function reportOf(of: Both, events: number): string {
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
