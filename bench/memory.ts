/** What events cost in memory at each station: taken in while every handler is busy, then confirmed, then forgotten. */
import { z } from "zod";
import { createKeys } from "../src/ledger/keys.ts";
import { Cost, Seen, VendorEnv } from "./replies.ts";
import { until } from "./until.ts";
import { inNewWorld, type RedisCost } from "./world.ts";

export type MemoryOptions = { readonly events: number; readonly concurrency: number };

type Station = { readonly worker: Cost; readonly redis: RedisCost };

export type Memory = {
  readonly atRest: Station;
  readonly held: Station;
  readonly confirmed: Station;
  /** The ledger's grace is over: what stays is the queue's history. */
  readonly forgotten: Station;
};

/** So long that nothing is delivered again meanwhile. */
const WINDOW_MS = 3_600_000;
const LOOK_MS = 50;
const KEYS = createKeys("reliable-callback").keysOf("tencent-vod");

export function workerMemory({ events, concurrency }: MemoryOptions, signal: AbortSignal): Promise<Memory> {
  return inNewWorld(async ({ redis, redisUrl, redisCost, part }) => {
    const simulator = part("simulator");
    const worker = part("worker");
    const station = async (): Promise<Station> => ({
      worker: await worker.ask("cost", undefined, Cost),
      redis: await redisCost(),
    });

    const env = await simulator.ask("start", { windowMs: WINDOW_MS, historyLimit: events }, VendorEnv);
    await worker.ask("start", { redisUrl, env, concurrency, blocked: true }, z.undefined());
    const atRest = await station();
    await simulator.ask("publish", events, z.undefined());
    const queued = async (list: string): Promise<number> => await redis.llen(KEYS.queue(list));
    await until(async () => (await queued("wait")) + (await queued("active")) >= events, LOOK_MS, signal);
    const held = await station();
    await worker.ask("release", undefined, z.undefined());
    await simulator.ask("allConfirmed", undefined, Seen);
    const confirmed = await station();
    await until(async () => (await redis.keys(KEYS.event("*"))).length === 0, LOOK_MS, signal);
    return { atRest, held, confirmed, forgotten: await station() };
  }, signal);
}
