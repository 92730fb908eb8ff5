/** Backlogs that `MAX_WAITING`, or time, forbids to take in at once: what is pulled too early is delivered again. */
import { z } from "zod";
import { Handled, Seen, VendorEnv } from "./replies.ts";
import { inNewWorld } from "./world.ts";

export type BacklogCase = {
  readonly name: string;
  readonly events: number;
  readonly maxWaiting: number;
  readonly handlerMs: number;
  readonly windowMs: number;
};

export type Backlog = BacklogCase & {
  readonly seconds: number;
  /** The same with room for everything: what it would take without any limit. */
  readonly secondsWithRoom: number;
  readonly idleSeconds: number;
  readonly deliveriesPerEvent: number;
  readonly deliveriesPerEventWithRoom: number;
};

export function backlogCases(events: number): readonly BacklogCase[] {
  return [
    {
      name: "backlog beyond MAX_WAITING",
      events: 2 * events,
      maxWaiting: 3 * Math.ceil(events / 10),
      handlerMs: 0,
      windowMs: 30_000,
    },
    {
      name: "no-op handlers, three times MAX_WAITING",
      events: 3 * events,
      maxWaiting: events,
      handlerMs: 0,
      windowMs: 30_000,
    },
    {
      name: "handlers of 50 ms, window of 8 s",
      events: Math.ceil(events / 1.25),
      maxWaiting: 10_000,
      handlerMs: 50,
      windowMs: 8_000,
    },
    {
      name: "handlers of 0.5 s, window of 8 s",
      events: Math.ceil(events / 5),
      maxWaiting: 10_000,
      handlerMs: 500,
      windowMs: 8_000,
    },
  ];
}

const ROOM_FOR_ALL = 1_000_000;

export async function backlog(one: BacklogCase, concurrency: number, signal: AbortSignal): Promise<Backlog> {
  const limited = await measure(one, concurrency, signal);
  const free = await measure({ ...one, maxWaiting: ROOM_FOR_ALL }, concurrency, signal);
  return {
    ...one,
    seconds: limited.vendor.seconds,
    secondsWithRoom: free.vendor.seconds,
    idleSeconds: limited.handled.idleMs / 1_000,
    deliveriesPerEvent: limited.vendor.delivered / one.events,
    deliveriesPerEventWithRoom: free.vendor.delivered / one.events,
  };
}

function measure({ events, maxWaiting, handlerMs, windowMs }: BacklogCase, concurrency: number, signal: AbortSignal) {
  return inNewWorld(async ({ redisUrl, part }) => {
    const simulator = part("simulator");
    const worker = part("worker");
    const env = await simulator.ask("start", { windowMs, historyLimit: events }, VendorEnv);
    await simulator.ask("publish", events, z.undefined());
    const start = { redisUrl, env, concurrency, blocked: false, maxWaiting, handlerMs };
    await worker.ask("start", start, z.undefined());
    const vendor = await simulator.ask("allConfirmed", undefined, Seen);
    return { vendor, handled: await worker.ask("handled", undefined, Handled) };
  }, signal);
}
