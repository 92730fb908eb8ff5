/** The cost of many events that wait for a later attempt, to the events that arrive meanwhile. */
import { z } from "zod";
import { createRow } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { KEYS } from "../kit/take-in.ts";
import { until } from "../kit/until.ts";
import { sendAhead, startVendor, WARM_UP } from "../kit/vendor.ts";
import { inNewWorld } from "../kit/world.ts";
import { type Beside, measureBeside, PER_SECOND } from "./beside.ts";

/** Long enough that no event is delivered again. */
const WINDOW_MS = 3_600_000;
const LOOK_MS = 200;
const DELAYED = KEYS.keysOf("tencent-vod").queue("delayed");

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
      [
        `ms to confirmed, p50, beside ${one.owed} that wait, against none`,
        "lower",
        [one.confirmedAfterMs.p50 / (none?.confirmedAfterMs.p50 ?? NaN)],
      ],
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

type Growth = Beside & { readonly owed: number };

function measure({ owed, events, latencyS, concurrency }: GrowthOptions, signal: AbortSignal): Promise<Growth> {
  return inNewWorld(async (world) => {
    const { redis, redisUrl, part } = world;
    const [simulator, worker] = [part("simulator"), part("worker")];
    const env = await startVendor(simulator, { windowMs: WINDOW_MS, historyLimit: events + WARM_UP });
    await worker.ask("start", { redisUrl, env, concurrency, odd: "later" }, z.undefined());
    await simulator.ask("publishOdd", { count: owed, oddEvery: 1 }, z.undefined());
    await until(async () => (await redis.zcard(DELAYED)) >= owed, LOOK_MS, signal);
    await sendAhead(simulator, WARM_UP);
    return { owed, ...(await measureBeside(world, { simulator, worker }, { events, latencyS })) };
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
