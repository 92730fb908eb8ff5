/** The memory of events at each station: taken in while every handler is busy, then confirmed, then forgotten. */
import { MB } from "../kit/numbers.ts";
import { z } from "zod";
import { createKeys } from "../../src/ledger/keys.ts";
import { Cost, Seen } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { until } from "../kit/until.ts";
import { startVendor } from "../kit/vendor.ts";
import { inNewWorld, type RedisCost } from "../kit/world.ts";

/** Long enough that no event is delivered again. */
const WINDOW_MS = 3_600_000;
const LOOK_MS = 50;
const KEYS = createKeys("reliable-callback").keysOf("tencent-vod");

export const memory = createRow({
  measure: ({ options: { few: events, concurrency }, step }) =>
    step("memory", (signal) => workerMemory({ events, concurrency }, signal)),
  figures: ({ held, atRest }, { few }) => [
    ["Redis bytes per held event", "lower", [(held.redis.usedBytes - atRest.redis.usedBytes) / few]],
  ],
  sections: (found, { few }) => [
    {
      title: `${cell([few])} events held by busy handlers, then confirmed, then over their grace`,
      table: reportOf(found, few),
    },
  ],
});

type MemoryOptions = { readonly events: number; readonly concurrency: number };

type Station = { readonly worker: Cost; readonly redis: RedisCost };

type Memory = {
  readonly atRest: Station;
  readonly held: Station;
  readonly confirmed: Station;
  /** After the ledger's grace. Only the queue's history is left. */
  readonly forgotten: Station;
};

function workerMemory({ events, concurrency }: MemoryOptions, signal: AbortSignal): Promise<Memory> {
  return inNewWorld(async ({ redis, redisUrl, redisCost, part }) => {
    const simulator = part("simulator");
    const worker = part("worker");
    const station = async (): Promise<Station> => ({
      worker: await worker.ask("cost", undefined, Cost),
      redis: await redisCost(),
    });

    const env = await startVendor(simulator, { windowMs: WINDOW_MS, historyLimit: events });
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

function reportOf({ atRest, held, confirmed, forgotten }: Memory, events: number): string {
  const stations = [atRest, held, confirmed, forgotten];
  const row = (label: string, of: (one: (typeof stations)[number]) => number): Row => [
    label,
    ...stations.map((one) => cell([of(one)])),
  ];
  return tableOf([
    ["memory of the worker", "at rest", "events held", "confirmed", "forgotten"],
    row("heap in use, MB", ({ worker }) => worker.heapBytes / MB),
    row("  bytes per event", ({ worker }) => (worker.heapBytes - atRest.worker.heapBytes) / events),
    row("RSS, MB", ({ worker }) => worker.rssBytes / MB),
    row("Redis, MB", ({ redis }) => redis.usedBytes / MB),
    row("  bytes per event", ({ redis }) => (redis.usedBytes - atRest.redis.usedBytes) / events),
    row("Redis keys", ({ redis }) => redis.keys),
  ]);
}
