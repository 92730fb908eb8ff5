/** A backlog of ordinary events, then a steady pace of them: speed, cost and latency beside whatever else there is. */
import { z } from "zod";
import type { Quantiles } from "../kit/numbers.ts";
import type { Part } from "../kit/part.ts";
import { Cost, Handled, Seen } from "../kit/replies.ts";
import type { World } from "../kit/world.ts";

export const PER_SECOND = 100;

/** One event in `oddEvery` is odd, and carries this many more bytes. */
export type Mix = { readonly oddEvery: number; readonly oddBytes: number };

type BesideOptions = { readonly events: number; readonly latencyS: number; readonly mix?: Mix | undefined };

export type Beside = {
  /** The ordinary ones of the backlog. */
  readonly events: number;
  readonly seconds: number;
  /** CPU seconds of the backlog, odd events included. */
  readonly processSeconds: number;
  readonly redisSeconds: number;
  /** At the steady pace. The first one counts odd events too. */
  readonly startedAfterMs: Quantiles;
  readonly confirmedAfterMs: Quantiles;
};

export async function measureBeside(
  { redisCost }: Pick<World, "redisCost">,
  { simulator, worker }: { readonly simulator: Part; readonly worker: Part },
  { events, latencyS, mix }: BesideOptions,
): Promise<Beside> {
  const confirmed = async (): Promise<Seen> => {
    const seen = await simulator.ask("allConfirmed", undefined, Seen);
    if (mix) await simulator.ask("oddConfirmed", undefined, z.undefined());
    return seen;
  };
  await simulator.ask("forget", undefined, z.undefined());
  await worker.ask("startCost", undefined, z.undefined());
  const before = await redisCost();
  await simulator.ask("publishOdd", { count: events, oddEvery: 0, ...mix }, z.undefined());
  const { seconds } = await confirmed();
  const { cpuSeconds: processSeconds } = await worker.ask("cost", undefined, Cost);
  const redisSeconds = (await redisCost()).cpuSeconds - before.cpuSeconds;

  await simulator.ask("forget", undefined, z.undefined());
  await worker.ask("forget", undefined, z.undefined());
  await simulator.ask("pace", { perSecond: PER_SECOND, seconds: latencyS, ...mix }, z.undefined());
  const { confirmedAfterMs } = await confirmed();
  const { startedAfterMs } = await worker.ask("handled", undefined, Handled);
  const ordinary = events - (mix ? Math.floor(events / mix.oddEvery) : 0);
  return { events: ordinary, seconds, processSeconds, redisSeconds, startedAfterMs, confirmedAfterMs };
}
