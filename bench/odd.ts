/** A few events are slow, or fail for ever: their cost for the others. */
import { z } from "zod";
import { sendAhead } from "./ahead.ts";
import { Seen, VendorEnv } from "./replies.ts";
import { inNewWorld } from "./world.ts";

export type OddCase = {
  readonly name: string;
  readonly odd: "slow" | "fails";
  /** One event in so many. */
  readonly oddEvery: number;
};

export type Odd = OddCase & {
  readonly events: number;
  /** Until the last of the others is confirmed. */
  readonly seconds: number;
  /** The same without odd ones. */
  readonly secondsClean: number;
  /** As many events a second have a place where one in so many takes 2 s; missing where the others cannot be kept waiting. */
  readonly mostPerSecond?: number;
};

export const SLOW_MS = 2_000;
export const ODD_CASES: readonly OddCase[] = [
  { name: "slow tail: 1 % take 2 s", odd: "slow", oddEvery: 100 },
  { name: "poison: 5 % fail for ever", odd: "fails", oddEvery: 20 },
];

const WINDOW_MS = 30_000;

type OddOptions = { readonly events: number; readonly warmUp: number; readonly concurrency: number };

export function othersIn({ events, oddEvery }: Odd): number {
  return events - Math.floor(events / oddEvery);
}

export async function oddEvents(one: OddCase, options: OddOptions, signal: AbortSignal): Promise<Odd> {
  const secondsClean = await measure({ ...one, oddEvery: 0 }, options, signal);
  const seconds = await measure(one, options, signal);
  const mostPerSecond = (options.concurrency * one.oddEvery * 1_000) / SLOW_MS;
  return { ...one, events: options.events, seconds, secondsClean, ...(one.odd === "slow" && { mostPerSecond }) };
}

function measure({ odd, oddEvery }: OddCase, options: OddOptions, signal: AbortSignal): Promise<number> {
  const { events, warmUp, concurrency } = options;
  return inNewWorld(async ({ redisUrl, part }) => {
    const [simulator, worker] = [part("simulator"), part("worker")];
    const env = await simulator.ask("start", { windowMs: WINDOW_MS, historyLimit: events + warmUp }, VendorEnv);
    await worker.ask("start", { redisUrl, env, concurrency, blocked: false, odd }, z.undefined());
    await sendAhead(simulator, warmUp);
    await simulator.ask("publishOdd", { count: events, oddEvery }, z.undefined());
    return (await simulator.ask("allConfirmed", undefined, Seen)).seconds;
  }, signal);
}
