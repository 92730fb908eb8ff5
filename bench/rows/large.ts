/** Large and slow things: their cost, and their cost to ordinary events beside them. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { keyBytes } from "../kit/key-bytes.ts";
import { Cost } from "../kit/replies.ts";
import { createRow } from "../kit/row.ts";
import { sendAhead, startVendor, WARM_UP } from "../kit/vendor.ts";
import { inNewWorld, type World } from "../kit/world.ts";
import { type Beside, measureBeside, PER_SECOND } from "./beside.ts";
import { bringOdd, casesOf, type LargeCase, takeInLarge } from "./large-cases.ts";
import { figuresOf, sectionsOf } from "./large-report.ts";

export const large = createRow({
  async measure({ options, step }) {
    const { few: events, latencyS, concurrency, idleS } = options;
    const found: Large[] = [];
    for (const one of casesOf(options))
      found.push(
        await step(`large: ${one.name}`, async (signal) => {
          const of = { events, latencyS, concurrency, idleS, heldMs: 1_000 * options.heldS };
          const beside = await inNewWorld((world) => measure(world, one, of, signal), signal);
          if (!one.mix) return beside;
          const { oddBytes } = one.mix;
          const bytesEach = await inNewWorld((world) => bytesOf(world, oddBytes, signal), signal);
          return { ...beside, bytesEach };
        }),
      );
    return found;
  },
  figures: figuresOf,
  sections: (found, options) => sectionsOf(found, options),
});

export type Large = LargeCase & {
  readonly beside: Beside;
  /** Bytes in Redis of each odd event while it is open. */
  readonly bytesEach?: number;
  /** The time until all odd events have met their fate. */
  readonly broughtS: number;
  /** While no ordinary event comes. */
  readonly idle: Idle;
  readonly worker: Cost;
};

/** `process` and `redis`: shares of a core. */
type Idle = { readonly process: number; readonly redis: number; readonly deliveriesPerSecond: number };

type LargeOptions = {
  readonly events: number;
  readonly latencyS: number;
  readonly concurrency: number;
  readonly idleS: number;
  readonly heldMs: number;
};

type Parts = Parameters<typeof measureBeside>[1];

async function measure(world: World, one: LargeCase, of: LargeOptions, signal: AbortSignal): Promise<Large> {
  const { redis, redisUrl, redisCost } = world;
  const parts = { simulator: world.part("simulator"), worker: world.part("worker") };
  const { simulator, worker } = parts;
  const { door, before, mix, windowMs } = one;
  const { events, latencyS, heldMs: holdMs } = of;
  const held = before?.fate === "holds" ? before.count : 0;
  const historyLimit = events + PER_SECOND * latencyS + WARM_UP + held;
  const env = await startVendor(simulator, { door, historyLimit, ...(windowMs !== undefined && { windowMs }) });
  const terms = { concurrency: of.concurrency + held, odd: before?.fate, holdMs };
  await worker.ask("start", { redisUrl, env, ...terms }, z.undefined());

  const [atRest, started] = [await redisCost(), performance.now()];
  await bringOdd(one, { simulator, redis, signal });
  const broughtS = (performance.now() - started) / 1_000;
  const bytes = (await redisCost()).usedBytes - atRest.usedBytes;
  await sendAhead(simulator, WARM_UP);
  const idle = await idleFor(before?.returnS ?? of.idleS, world, parts, signal);
  const beside = await measureBeside(world, parts, { events, latencyS, mix });
  const cost = await worker.ask("cost", undefined, Cost);
  if (held > 0) await endHeld(held, parts);
  const bytesEach = before && { bytesEach: bytes / before.count };
  return { ...one, beside, broughtS, idle, worker: cost, ...bytesEach };
}

async function idleFor(seconds: number, { redisCost }: World, { simulator, worker }: Parts, signal: AbortSignal) {
  const delivered = (): Promise<number> => simulator.ask("delivered", undefined, z.number());
  await worker.ask("startCost", undefined, z.undefined());
  const [before, deliveredBefore] = [await redisCost(), await delivered()];
  await sleep(1_000 * seconds, undefined, { signal });
  const { cpuSeconds } = await worker.ask("cost", undefined, Cost);
  return {
    process: cpuSeconds / seconds,
    redis: ((await redisCost()).cpuSeconds - before.cpuSeconds) / seconds,
    deliveriesPerSecond: ((await delivered()) - deliveredBefore) / seconds,
  };
}

/** Each slow handler must have run once, however often its event was delivered meanwhile. */
async function endHeld(held: number, { simulator, worker }: Parts): Promise<void> {
  await worker.ask("release", undefined, z.undefined());
  await simulator.ask("oddConfirmed", undefined, z.undefined());
  const runs = await worker.ask("oddRuns", undefined, z.number());
  if (runs !== held) throw new Error(`${held} slow events had ${runs} handler runs`);
}

const FEW = 16;

async function bytesOf({ redis }: World, oddBytes: number, signal: AbortSignal): Promise<number> {
  await takeInLarge(redis, FEW, oddBytes, signal);
  return [...(await keyBytes(redis)).values()].reduce((sum, bytes) => sum + bytes, 0) / FEW;
}
