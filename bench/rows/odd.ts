/** A few events are slow or always fail. The row measures their cost to the others. */
import { z } from "zod";
import { createRow } from "../kit/row.ts";
import { Seen } from "../kit/replies.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { sendAhead, startVendor, WARM_UP } from "../kit/vendor.ts";
import { inNewWorld } from "../kit/world.ts";

export const SLOW_MS = 2_000;

const CASES: readonly OddCase[] = [
  { name: "slow tail: 1 % take 2 s", odd: "slow", oddEvery: 100 },
  { name: "poison: 5 % fail for ever", odd: "fails", oddEvery: 20 },
];

export const oddOnes = createRow({
  async measure({ options: { events, concurrency }, step }) {
    const found = [];
    for (const one of CASES)
      found.push(
        await step(one.name, (signal) =>
          oddEvents(one, { events, warmUp: Math.min(WARM_UP, events), concurrency }, signal),
        ),
      );
    return found;
  },
  figures: (found) => found.map((one) => [`events/s, ${one.name}, against none`, "higher", [ratioOf(one)]]),
  sections: (found, { events }) => [
    {
      title: `${cell([events])} events, time until the last of the others is confirmed`,
      table: reportOf(found),
    },
  ],
});

type OddCase = {
  readonly name: string;
  readonly odd: "slow" | "fails";
  /** One event in this many is odd. */
  readonly oddEvery: number;
};

type Odd = OddCase & {
  readonly events: number;
  /** The time until the last of the other events is confirmed. */
  readonly seconds: number;
  /** The time without odd events. */
  readonly secondsClean: number;
  /**
   * The rate that the places allow when one event in `oddEvery` takes 2 s. Missing where odd events do not keep the
   * others waiting.
   */
  readonly mostPerSecond?: number;
};

type OddOptions = { readonly events: number; readonly warmUp: number; readonly concurrency: number };

function othersIn({ events, oddEvery }: Odd): number {
  return events - Math.floor(events / oddEvery);
}

async function oddEvents(one: OddCase, options: OddOptions, signal: AbortSignal): Promise<Odd> {
  const secondsClean = await measure({ ...one, oddEvery: 0 }, options, signal);
  const seconds = await measure(one, options, signal);
  const mostPerSecond = (options.concurrency * one.oddEvery * 1_000) / SLOW_MS;
  return { ...one, events: options.events, seconds, secondsClean, ...(one.odd === "slow" && { mostPerSecond }) };
}

function measure({ odd, oddEvery }: OddCase, options: OddOptions, signal: AbortSignal): Promise<number> {
  const { events, warmUp, concurrency } = options;
  return inNewWorld(async ({ redisUrl, part }) => {
    const [simulator, worker] = [part("simulator"), part("worker")];
    const env = await startVendor(simulator, { historyLimit: events + warmUp });
    await worker.ask("start", { redisUrl, env, concurrency, blocked: false, odd }, z.undefined());
    await sendAhead(simulator, warmUp);
    await simulator.ask("publishOdd", { count: events, oddEvery }, z.undefined());
    return (await simulator.ask("allConfirmed", undefined, Seen)).seconds;
  }, signal);
}

/**
 * The speed of the other events, compared with the speed without odd events or with the rate that the places allow,
 * whichever is lower.
 */
function ratioOf(one: Odd): number {
  return othersIn(one) / one.seconds / Math.min(one.events / one.secondsClean, one.mostPerSecond ?? Infinity);
}

function reportOf(found: readonly Odd[]): string {
  const rows = found.map((one): Row => {
    const { events, seconds, secondsClean, mostPerSecond } = one;
    const rates = [
      othersIn(one) / seconds,
      events / secondsClean,
      ...(mostPerSecond === undefined ? [] : [mostPerSecond]),
    ];
    return [one.name, cell([ratioOf(one)], 2), ...rates.map((rate) => cell([rate]))];
  });
  return tableOf([
    ["a few odd events", "others' events/s : as many as can be", "with", "without", "what places allow"],
    ...rows,
  ]);
}
