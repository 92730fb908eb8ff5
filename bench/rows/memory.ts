/** The memory of events: confirmed, then forgotten; and of others that are held, before and after a first attempt. */
import type { Redis } from "ioredis";
import { z } from "zod";
import { keyBytes } from "../kit/key-bytes.ts";
import { MB } from "../kit/numbers.ts";
import { Cost } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, type Row, tableOf } from "../kit/table.ts";
import { KEYS, takeIn } from "../kit/take-in.ts";
import { until } from "../kit/until.ts";
import { publishAll, startVendor } from "../kit/vendor.ts";
import { inNewWorld, type RedisCost, type World } from "../kit/world.ts";

/** Long enough that no event is delivered again. */
const WINDOW_MS = 3_600_000;
const LOOK_MS = 50;
const OWN = KEYS.keysOf("tencent-vod");
const KINDS = ["history", "jobs", "series", "others"] as const;
/** Makes a body of 1.5 KB. */
const MORE = { MetaData: "x".repeat(1_405), Odd: true };

export const memory = createRow({
  async measure({ options: { few: events, concurrency }, step }) {
    const of = { events, concurrency };
    const confirmed = await step("memory: confirmed", (signal) =>
      inNewWorld((world) => ofConfirmed(world, of, signal), signal),
    );
    const held = await step("memory: held", (signal) => inNewWorld((world) => ofHeld(world, of, signal), signal));
    return { ...confirmed, held };
  },
  figures: ({ held, left }, { few }) => [
    ["Redis bytes per held event", "lower", [held.waiting]],
    ["Redis bytes per held event, tried once", "lower", [held.tried]],
    ["Redis bytes left per confirmed event, beside history, last jobs and series", "lower", [left.others / few]],
  ],
  sections: (found, { few }) => [
    { title: `${cell([few])} events confirmed, then over their grace`, table: reportOf(found, few) },
    { title: "what they leave in Redis", table: leftTable(found.left, few) },
    {
      title: `${cell([few])} events of 1.5 KB held in Redis`,
      table: tableOf([
        ["held", "bytes of each"],
        ["waiting for a place", cell([found.held.waiting])],
        ["waiting for another attempt", cell([found.held.tried])],
      ]),
    },
  ],
});

type MemoryOptions = { readonly events: number; readonly concurrency: number };

type Station = { readonly worker: Cost; readonly redis: RedisCost };

/** Bytes in Redis. */
type Left = { readonly [K in (typeof KINDS)[number]]: number };

type Confirmed = {
  readonly atRest: Station;
  readonly confirmed: Station;
  /** After the ledger's grace. */
  readonly forgotten: Station;
  readonly left: Left;
};

async function ofConfirmed(world: World, of: MemoryOptions, signal: AbortSignal): Promise<Confirmed> {
  const { redis, redisUrl, redisCost, part } = world;
  const { events, concurrency } = of;
  const [simulator, worker] = [part("simulator"), part("worker")];
  const station = async (): Promise<Station> => ({
    worker: await worker.ask("cost", undefined, Cost),
    redis: await redisCost(),
  });
  const env = await startVendor(simulator, { windowMs: WINDOW_MS, historyLimit: events });
  await worker.ask("start", { redisUrl, env, concurrency }, z.undefined());
  const [atRest, before] = [await station(), await bytesIn(redis)];
  await publishAll(simulator, events);
  const confirmed = await station();
  await until(async () => (await redis.keys(OWN.event("*"))).length === 0, LOOK_MS, signal);
  await until(async () => (await redis.exists(OWN.confirmed)) === 0, LOOK_MS, signal);
  const [forgotten, after] = [await station(), await bytesIn(redis)];
  return { atRest, confirmed, forgotten, left: { ...after, others: after.others - before.others } };
}

type Held = { readonly waiting: number; readonly tried: number };

/** The events come without a vendor: a worker would take in only those that it can finish in time. */
async function ofHeld(world: World, { events, concurrency }: MemoryOptions, signal: AbortSignal): Promise<Held> {
  const { redis, redisUrl, redisCost, part } = world;
  const usedBytes = async (): Promise<number> => (await redisCost()).usedBytes;
  const empty = await usedBytes();
  await takeIn(redis, events, () => MORE, signal);
  const waiting = await usedBytes();
  const [simulator, worker] = [part("simulator"), part("worker")];
  const env = await startVendor(simulator, { windowMs: WINDOW_MS, historyLimit: events });
  await worker.ask("start", { redisUrl, env, concurrency, odd: "later" }, z.undefined());
  await until(async () => (await redis.zcard(OWN.queue("delayed"))) >= events, LOOK_MS, signal);
  return { waiting: (waiting - empty) / events, tried: ((await usedBytes()) - empty) / events };
}

async function bytesIn(redis: Redis): Promise<Left> {
  const left = { history: 0, jobs: 0, series: 0, others: 0 };
  for (const [key, bytes] of await keyBytes(redis)) left[kindOf(key)] += bytes;
  return left;
}

function kindOf(key: string): keyof Left {
  if (key.startsWith(OWN.past(""))) return "history";
  if (key.startsWith(OWN.job("ev-")) || key === OWN.queue("completed")) return "jobs";
  return key.startsWith(KEYS.shared.series("")) ? "series" : "others";
}

function reportOf({ atRest, confirmed, forgotten }: Confirmed, events: number): string {
  const stations = [atRest, confirmed, forgotten];
  const row = (label: string, of: (one: Station) => number): Row => [label, ...stations.map((one) => cell([of(one)]))];
  return tableOf([
    ["memory of the worker", "at rest", "confirmed", "forgotten"],
    row("heap in use, MB", ({ worker }) => worker.heapBytes / MB),
    row("  bytes per event", ({ worker }) => (worker.heapBytes - atRest.worker.heapBytes) / events),
    row("RSS, MB", ({ worker }) => worker.rssBytes / MB),
    row("Redis, MB", ({ redis }) => redis.usedBytes / MB),
    row("  bytes per event", ({ redis }) => (redis.usedBytes - atRest.redis.usedBytes) / events),
    row("Redis keys", ({ redis }) => redis.keys),
  ]);
}

function leftTable({ history, jobs, series, others }: Left, events: number): string {
  const row = (label: string, bytes: number): Row => [label, cell([bytes]), cell([bytes / events], 1)];
  return tableOf([
    ["left", "bytes", "per event"],
    row("history, at most HISTORY_EVENTS", history),
    row("the last handled jobs, at most 1,000", jobs),
    row("series, at most 48 hours of them", series),
    row("anything else, beyond what is there at rest", others),
  ]);
}
