/** A few events are slow or always fail. The row measures their cost to the others. */
import { z } from "zod";
import { createRow } from "../kit/row.ts";
import { Seen } from "../kit/replies.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { sendAhead, startVendor, WARM_UP } from "../kit/vendor.ts";
import { inNewWorld } from "../kit/world.ts";

export const SLOW_MS = 2_000;
const MOST_EVENTS = 20_000;

/** At full speed, slow handlers hold most of the usual places. The second case has places enough for both. */
const CASES: readonly OddCase[] = [
  { name: "slow tail: 1 % take 2 s", odd: "slow", oddEvery: 100, places: 1 },
  { name: "slow tail, four times the places", odd: "slow", oddEvery: 100, places: 4 },
  { name: "poison: 5 % fail for ever", odd: "fails", oddEvery: 20, places: 1 },
];

export const oddOnes = createRow({
  async measure({ options, step }) {
    const events = Math.min(options.events, MOST_EVENTS);
    const found = CASES.map((one): Odd => {
      const concurrency = options.concurrency * one.places;
      return Object.assign({ concurrency, events, seconds: [], secondsClean: [] }, one);
    });
    for (let run = 0; run < options.runs; run += 1)
      for (const one of found) {
        const turns = [
          { name: one.name, oddEvery: one.oddEvery, times: one.seconds },
          { name: `none beside: ${one.name}`, oddEvery: 0, times: one.secondsClean },
        ];
        for (const { name, oddEvery, times } of run % 2 === 0 ? turns : turns.toReversed())
          times.push(await step(`${name}, run ${run + 1}`, (signal) => measure({ ...one, oddEvery }, signal)));
      }
    return found;
  },
  figures: (found) => found.map((one) => [`events/s, ${one.name}, against none`, "higher", ratiosOf(one)]),
  sections: (found, { runs }) => [
    {
      title: `${cell([found[0]?.events ?? 0])} events, time until the last of the others is confirmed; ${runs} runs, taking turns`,
      table: reportOf(found),
    },
  ],
});

type OddCase = {
  readonly name: string;
  readonly odd: "slow" | "fails";
  /** One event in this many is odd. */
  readonly oddEvery: number;
  /** How many times the usual places there are, with and without odd events. */
  readonly places: number;
};

type Odd = OddCase & {
  readonly concurrency: number;
  readonly events: number;
  /** The time until the last of the other events is confirmed, in each run. */
  readonly seconds: number[];
  /** The time without odd events. */
  readonly secondsClean: number[];
};

function measure({ odd, oddEvery, events, concurrency }: Odd, signal: AbortSignal): Promise<number> {
  return inNewWorld(async ({ redisUrl, part }) => {
    const warmUp = Math.min(WARM_UP, events);
    const [simulator, worker] = [part("simulator"), part("worker")];
    const env = await startVendor(simulator, { historyLimit: events + warmUp });
    await worker.ask("start", { redisUrl, env, concurrency, odd }, z.undefined());
    await sendAhead(simulator, warmUp);
    await simulator.ask("publishOdd", { count: events, oddEvery }, z.undefined());
    return (await simulator.ask("allConfirmed", undefined, Seen)).seconds;
  }, signal);
}

function ratesOf({ events, oddEvery, seconds }: Odd): readonly number[] {
  return seconds.map((time) => (events - Math.floor(events / oddEvery)) / time);
}

function cleanRatesOf({ events, secondsClean }: Odd): readonly number[] {
  return secondsClean.map((time) => events / time);
}

function ratiosOf(one: Odd): readonly number[] {
  const clean = cleanRatesOf(one);
  return ratesOf(one).map((rate, run) => rate / (clean[run] ?? NaN));
}

/** In the mean. */
function heldBySlow(one: Odd): readonly number[] {
  return one.odd === "slow" ? ratesOf(one).map((rate) => (rate / (one.oddEvery - 1)) * (SLOW_MS / 1_000)) : [];
}

function reportOf(found: readonly Odd[]): string {
  const rows = found.map((one): Row => [
    one.name,
    cell(ratiosOf(one), 2),
    cell(ratesOf(one)),
    cell(cleanRatesOf(one)),
    cell([one.concurrency]),
    cell(heldBySlow(one)),
  ]);
  const head = ["others' events/s : without", "with", "without", "places", "of these held by slow ones"];
  return tableOf([["a few odd events", ...head], ...rows]);
}
