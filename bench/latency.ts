/** How long one event takes at a steady pace, through the worker and through the plain loop. */
import { z } from "zod";
import { sendAhead } from "./ahead.ts";
import type { Part } from "./part.ts";
import { Handled, Seen, VendorEnv } from "./replies.ts";
import { inNewWorld } from "./world.ts";

export type LatencyOptions = {
  readonly perSecond: number;
  readonly seconds: number;
  readonly concurrency: number;
  readonly callMs: number;
};

export type Latency = {
  readonly handled: Handled;
  readonly vendor: Seen;
  /** The longest that Redis waited for its disk: it tells a slow disk from a slow worker. */
  readonly slowestSyncMs?: number;
};

const WINDOW_MS = 30_000;
/** Calls a second. */
const QUOTA = 1_000;
/** The first events of a process wait for its code to be compiled: not what is asked here. */
const WARM_UP = 200;
/** Of Redis: name, when it last was slow, how long then, and the longest. */
const SlowEvents = z.array(z.tuple([z.string(), z.number(), z.number(), z.number()]).rest(z.unknown()));

export function workerLatency(options: LatencyOptions, signal: AbortSignal): Promise<Latency> {
  return inNewWorld(async ({ redis, redisUrl, part }) => {
    await redis.config("SET", "latency-monitor-threshold", "1");
    const simulator = part("simulator");
    const worker = part("worker");
    const env = await startVendor(simulator, options);
    const { concurrency } = options;
    await worker.ask("start", { redisUrl, env, concurrency, blocked: false, callsPerSecond: QUOTA }, z.undefined());
    const latency = await measure(simulator, worker, options);
    const slowest = SlowEvents.parse(await redis.latency("LATEST"));
    return { ...latency, slowestSyncMs: slowest.find(([name]) => name === "aof-fsync-always")?.[3] ?? 1 };
  }, signal);
}

export function loopLatency(options: LatencyOptions, signal: AbortSignal): Promise<Latency> {
  return inNewWorld(async ({ part }) => {
    const simulator = part("simulator");
    const loop = part("plain-loop");
    await loop.ask("start", { env: await startVendor(simulator, options) }, z.undefined());
    return await measure(simulator, loop, options);
  }, signal);
}

function startVendor(simulator: Part, { perSecond, seconds, callMs }: LatencyOptions): Promise<VendorEnv> {
  return simulator.ask(
    "start",
    { windowMs: WINDOW_MS, callMs, historyLimit: perSecond * seconds + WARM_UP },
    VendorEnv,
  );
}

async function measure(simulator: Part, consumer: Part, { perSecond, seconds }: LatencyOptions): Promise<Latency> {
  await sendAhead(simulator, WARM_UP);
  await consumer.ask("forget", undefined, z.undefined());
  await simulator.ask("pace", { perSecond, seconds }, z.undefined());
  const vendor = await simulator.ask("allConfirmed", undefined, Seen);
  return { handled: await consumer.ask("handled", undefined, Handled), vendor };
}
