/** The cost of many events that wait for a later attempt, to the events that arrive meanwhile. */
import { z } from "zod";
import { createKeys } from "../../src/ledger/keys.ts";
import type { Quantiles } from "../kit/numbers.ts";
import { Handled, Seen } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { until } from "../kit/until.ts";
import { publishAll, sendAhead, startVendor, WARM_UP } from "../kit/vendor.ts";
import { inNewWorld } from "../kit/world.ts";

/** Long enough that no event is delivered again. */
const WINDOW_MS = 3_600_000;
const PER_SECOND = 100;
const LOOK_MS = 200;
const KEYS = createKeys("reliable-callback").keysOf("tencent-vod");

export const growth = createRow({
  async measure({ options: { few, latencyS, concurrency }, step }) {
    const found = [];
    for (const owed of [0, few, 10 * few])
      found.push(
        await step(`growth: ${owed} wait`, (signal) => measure({ owed, events: few, latencyS, concurrency }, signal)),
      );
    return found;
  },
  figures: ([none, ...others]) =>
    others.flatMap((one) => [
      [`events/s beside ${one.owed} that wait, against none`, "higher", [(none?.seconds ?? NaN) / one.seconds]],
    ]),
  sections: (found, { few, latencyS }) => [
    {
      title: `${cell([few])} events, then ${PER_SECOND} events/s for ${latencyS} s, beside events that wait for a later attempt`,
      table: reportOf(found),
    },
  ],
});

type GrowthOptions = {
  readonly owed: number;
  readonly events: number;
  readonly latencyS: number;
  readonly concurrency: number;
};

type Growth = {
  readonly owed: number;
  readonly events: number;
  readonly seconds: number;
  readonly startedAfterMs: Quantiles;
  readonly confirmedAfterMs: Quantiles;
};

function measure({ owed, events, latencyS, concurrency }: GrowthOptions, signal: AbortSignal): Promise<Growth> {
  return inNewWorld(async ({ redis, redisUrl, part }) => {
    const [simulator, worker] = [part("simulator"), part("worker")];
    const env = await startVendor(simulator, { windowMs: WINDOW_MS, historyLimit: events + WARM_UP });
    await worker.ask("start", { redisUrl, env, concurrency, blocked: false, odd: "later" }, z.undefined());
    await simulator.ask("publishOdd", { count: owed, oddEvery: 1 }, z.undefined());
    await until(async () => (await redis.zcard(KEYS.queue("delayed"))) >= owed, LOOK_MS, signal);
    await sendAhead(simulator, WARM_UP);
    const { seconds } = await publishAll(simulator, events);
    await simulator.ask("forget", undefined, z.undefined());
    await worker.ask("forget", undefined, z.undefined());
    await simulator.ask("pace", { perSecond: PER_SECOND, seconds: latencyS }, z.undefined());
    const { confirmedAfterMs } = await simulator.ask("allConfirmed", undefined, Seen);
    const { startedAfterMs } = await worker.ask("handled", undefined, Handled);
    return { owed, events, seconds, startedAfterMs, confirmedAfterMs };
  }, signal);
}

function reportOf(found: readonly Growth[]): string {
  const row = (label: string, value: (one: Growth) => number, digits = 1): Row => [
    label,
    ...found.map((one) => cell([value(one)], digits)),
  ];
  return tableOf([
    ["so many wait", ...found.map(({ owed }) => cell([owed]))],
    row("events/s : beside none", ({ seconds }) => (found[0]?.seconds ?? NaN) / seconds, 2),
    row("events/s", ({ events, seconds }) => events / seconds, 0),
    row("published -> handler starts, p50, ms", ({ startedAfterMs }) => startedAfterMs.p50),
    row("published -> confirmed, p50, ms", ({ confirmedAfterMs }) => confirmedAfterMs.p50),
    row("published -> confirmed, p99, ms", ({ confirmedAfterMs }) => confirmedAfterMs.p99),
  ]);
}
