/** How fast a backlog of events goes through, and what it costs: the whole worker, the plain loop, and BullMQ alone. */
import { z } from "zod";
import { Cost, Handled, Seen, VendorEnv } from "./replies.ts";
import { inNewWorld, type RedisCost } from "./world.ts";

export type ThroughputOptions = {
  readonly events: number;
  readonly concurrency: number;
  readonly profileFolder?: string | undefined;
};

export type Throughput = {
  readonly seconds: number;
  readonly cost: Cost;
  readonly redis?: { readonly before: RedisCost; readonly after: RedisCost };
  readonly vendor?: Seen;
  readonly runs?: number;
};

const WINDOW_MS = 30_000;

export function workerThroughput(options: ThroughputOptions, signal: AbortSignal): Promise<Throughput> {
  const { events, concurrency, profileFolder } = options;
  return inNewWorld(async ({ redisUrl, redisCost, part }) => {
    const simulator = part("simulator");
    const worker = part("worker", { profileFolder });
    const env = await simulator.ask("start", { windowMs: WINDOW_MS, historyLimit: events }, VendorEnv);
    await simulator.ask("publish", events, z.undefined());
    const before = await redisCost();
    const start = { redisUrl, env, concurrency, blocked: false };
    await worker.ask("start", start, z.undefined());
    const vendor = await simulator.ask("allConfirmed", undefined, Seen);
    const after = await redisCost();
    const cost = await worker.ask("cost", undefined, Cost);
    const { runs } = await worker.ask("handled", undefined, Handled);
    return { seconds: vendor.seconds, cost, redis: { before, after }, vendor, runs };
  }, signal);
}

export function loopThroughput({ events }: ThroughputOptions, signal: AbortSignal): Promise<Throughput> {
  return inNewWorld(async ({ part }) => {
    const simulator = part("simulator");
    const loop = part("plain-loop");
    const env = await simulator.ask("start", { windowMs: WINDOW_MS, historyLimit: events }, VendorEnv);
    await simulator.ask("publish", events, z.undefined());
    await loop.ask("start", { env }, z.undefined());
    const vendor = await simulator.ask("allConfirmed", undefined, Seen);
    const cost = await loop.ask("cost", undefined, Cost);
    const { runs } = await loop.ask("handled", undefined, Handled);
    return { seconds: vendor.seconds, cost, vendor, runs };
  }, signal);
}

export function queueThroughput({ events, concurrency }: ThroughputOptions, signal: AbortSignal): Promise<Throughput> {
  return inNewWorld(async ({ redisUrl, redisCost, part }) => {
    const queue = part("bullmq-alone");
    const before = await redisCost();
    const seconds = await queue.ask("run", { redisUrl, events, concurrency }, z.number());
    const after = await redisCost();
    return { seconds, cost: await queue.ask("cost", undefined, Cost), redis: { before, after } };
  }, signal);
}
