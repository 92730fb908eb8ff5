/** History, lives and series: their cost per event, their size in Redis, and the time of a search. */
import type { Redis } from "ioredis";
import { z } from "zod";
import { createDesk } from "../../src/desk/desk.ts";
import { EVERYTHING } from "../../src/desk/search.ts";
import { Cost, Seen } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { cell, tableOf } from "../kit/table.ts";
import { KEYS, takeIn } from "../kit/take-in.ts";
import { publishAll, sendAhead, startVendor, WARM_UP } from "../kit/vendor.ts";
import { inNewWorld, type World } from "../kit/world.ts";

const OWN = KEYS.keysOf("tencent-vod");
const PAST = 200_000;
const CHUNK_LINES = 256;
const CHUNKS = Math.floor(PAST / CHUNK_LINES);
const SEARCHES = 5;
/** Of each open event. */
const MORE = { MetaData: "x".repeat(1_500) };

export const history = createRow({
  async measure({ options: { runs, events, few, concurrency }, step }) {
    const costs: Record<"on" | "off", number[]> = { on: [], off: [] };
    for (let run = 0; run < runs; run += 1)
      for (const kept of run % 2 === 0 ? (["on", "off"] as const) : (["off", "on"] as const)) {
        const of = { events, concurrency, historyEvents: kept === "on" ? PAST : 0, keepsSeries: kept === "on" };
        const name = `history, run ${run + 1}: ${kept}`;
        costs[kept].push(await step(name, (signal) => inNewWorld((world) => cpuPerEvent(world, of), signal)));
      }
    const search = await step("history, search", (signal) =>
      inNewWorld((world) => searches(world, { open: 10 * few, concurrency }, signal), signal),
    );
    return { ...costs, ...search };
  },
  figures: ({ on, off, bytes, pastMs, openMs }) => [
    ["CPU with history, lives and series : without", "lower", on.map((cost, run) => cost / (off[run] ?? cost))],
    ["Redis bytes per event of history", "lower", [bytes]],
    ["ms to search the history", "lower", [pastMs]],
    ["ms to search what is open", "lower", [openMs]],
  ],
  sections: ({ on, off, bytes, pastMs, openMs }, { few }) => [
    {
      title: `searches for a word that none of them has, over ${cell([PAST])} past and ${cell([10 * few])} open events`,
      table: tableOf([
        ["history", ""],
        ["CPU per event, worker and Redis, us, with history, lives and series", cell(on.map((cost) => cost * 1e6))],
        ["  without any of them", cell(off.map((cost) => cost * 1e6))],
        ["Redis bytes per event", cell([bytes])],
        ["search of past ones, ms", cell([pastMs])],
        ["search of open ones, ms", cell([openMs])],
      ]),
    },
  ],
});

type CostOptions = {
  readonly events: number;
  readonly concurrency: number;
  readonly historyEvents: number;
  readonly keepsSeries: boolean;
};

/** CPU seconds of the worker and Redis together. */
async function cpuPerEvent({ redisUrl, redisCost, part }: World, { events, ...kept }: CostOptions) {
  const [simulator, worker] = [part("simulator"), part("worker")];
  const env = await startVendor(simulator, { historyLimit: events + WARM_UP });
  await worker.ask("start", { redisUrl, env, ...kept }, z.undefined());
  await sendAhead(simulator, WARM_UP);
  const before = await redisCost();
  await worker.ask("startCost", undefined, z.undefined());
  await simulator.ask("publish", events, z.undefined());
  await simulator.ask("allConfirmed", undefined, Seen);
  const { cpuSeconds } = await worker.ask("cost", undefined, Cost);
  return (cpuSeconds + (await redisCost()).cpuSeconds - before.cpuSeconds) / events;
}

type SearchOptions = { readonly open: number; readonly concurrency: number };

async function searches({ redis, redisUrl, redisCost, part }: World, of: SearchOptions, signal: AbortSignal) {
  const bytes = await fillHistory({ redis, redisUrl, redisCost, part }, of);
  const desk = createDesk({
    redis,
    keys: KEYS,
    knownSources: async () => ["tencent-vod"],
    retentionOf: () => 1,
    retry: async () => false,
    receivers: [],
  });
  const pastMs = await timeOf(() => desk.events({ search: { ...NOTHING, states: ["confirmed"] }, limit: 1 }));
  // A worker would take in only what it can finish in time.
  await takeIn(redis, of.open, () => MORE, signal);
  const openMs = await timeOf(() => desk.events({ search: { ...NOTHING, states: ["waiting"] }, limit: 1 }));
  return { bytes, pastMs, openMs };
}

const NOTHING = { ...EVERYTHING, words: ["nowhere to be found"] };

/** Copies the real lines of a few chunks until the history has its maximum length. Resolves with the bytes of each. */
async function fillHistory(
  { redis, redisUrl, redisCost, part }: Pick<World, "redis" | "redisUrl" | "redisCost" | "part">,
  { concurrency }: SearchOptions,
): Promise<number> {
  const sealed = 4;
  const [simulator, worker] = [part("simulator"), part("worker")];
  const env = await startVendor(simulator, { historyLimit: (sealed + 1) * CHUNK_LINES });
  await worker.ask("start", { redisUrl, env, concurrency }, z.undefined());
  await publishAll(simulator, (sealed + 1) * CHUNK_LINES);
  await worker.end();
  const before = await redisCost();
  await copyChunks(redis, sealed);
  return ((await redisCost()).usedBytes - before.usedBytes) / ((CHUNKS - sealed) * CHUNK_LINES);
}

async function copyChunks(redis: Redis, from: number): Promise<void> {
  for (let chunk = from; chunk < CHUNKS; chunk += 1)
    await redis.copy(OWN.past(chunk % from), OWN.past(chunk), "REPLACE");
  await redis.hset(OWN.history, { count: CHUNKS * CHUNK_LINES, first: 0 });
}

/** The median time. */
async function timeOf(search: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < SEARCHES; n += 1) {
    const started = performance.now();
    await search();
    times.push(performance.now() - started);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(SEARCHES / 2)] ?? 0;
}
