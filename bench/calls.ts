/** How many calls the vendor gets where little happens: one event a second, and then none. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { sendAhead } from "./ahead.ts";
import type { Part } from "./part.ts";
import { CallCounts, Seen, VendorEnv } from "./replies.ts";
import { inNewWorld } from "./world.ts";

export type Calls = {
  readonly pullsPerEvent: number;
  readonly confirmsPerEvent: number;
  /** In five seconds, while there is nothing. */
  readonly pullsIdle: number;
};

export type CallsOptions = { readonly seconds: number; readonly concurrency: number };

const WINDOW_MS = 30_000;
const IDLE_MS = 5_000;

export function workerCalls({ seconds, concurrency }: CallsOptions, signal: AbortSignal): Promise<Calls> {
  return inNewWorld(async ({ redisUrl, part }) => {
    const [simulator, worker] = [part("simulator"), part("worker")];
    const env = await startVendor(simulator, seconds);
    await worker.ask("start", { redisUrl, env, concurrency, blocked: false }, z.undefined());
    return await measure(simulator, seconds, signal);
  }, signal);
}

export function loopCalls({ seconds }: CallsOptions, signal: AbortSignal): Promise<Calls> {
  return inNewWorld(async ({ part }) => {
    const [simulator, loop] = [part("simulator"), part("plain-loop")];
    await loop.ask("start", { env: await startVendor(simulator, seconds) }, z.undefined());
    return await measure(simulator, seconds, signal);
  }, signal);
}

function startVendor(simulator: Part, seconds: number): Promise<VendorEnv> {
  return simulator.ask("start", { windowMs: WINDOW_MS, historyLimit: seconds + 1 }, VendorEnv);
}

async function measure(simulator: Part, events: number, signal: AbortSignal): Promise<Calls> {
  await sendAhead(simulator, 1);
  await simulator.ask("pace", { perSecond: 1, seconds: events }, z.undefined());
  const { pulls, confirms } = await simulator.ask("allConfirmed", undefined, Seen);
  await simulator.ask("forget", undefined, z.undefined());
  await sleep(2 * IDLE_MS, undefined, { signal });
  const idle = await simulator.ask("calls", undefined, CallCounts);
  return { pullsPerEvent: pulls / events, confirmsPerEvent: confirms / events, pullsIdle: idle.pulls / 2 };
}
