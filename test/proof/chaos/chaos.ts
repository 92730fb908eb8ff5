/**
 * Two phases. First events arrive while everything goes wrong. Then the trouble stops, and the run waits until all work
 * is done.
 */
import { Redis } from "ioredis";
import { settledBefore, sleep } from "../../../src/core/sleep.ts";
import { Dice } from "../../support/dice.ts";
import type { Script } from "../../support/script.ts";
import { IN_BATCH } from "../../support/scripted-events.ts";
import { until } from "../../support/until.ts";
import type { ChaosOptions } from "./options.ts";
import { keyOf } from "./runs.ts";
import { openStage, type Stage } from "./stage.ts";
import { TROUBLES } from "./troubles.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

const STEP_MS = 50;
const PAUSE_MS = { least: 300, most: 4_000 };
const CALM_MS = 240_000;
const LISTS = { wait: "llen", active: "llen", delayed: "zcard", failed: "zcard" } as const;

export async function runChaos(
  { events, minutes, seed, workers }: ChaosOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Verdict> {
  const dice = new Dice(seed);
  const started = performance.now();
  const tell = (line: string): void =>
    say(`${((performance.now() - started) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
  const stage = await openStage({ workers, events, dice: new Dice(seed + 1), say: tell });
  try {
    const endMs = started + minutes * 60_000;
    const trouble = makeTrouble(stage, dice, endMs, signal);
    await publishAll(stage, { events, minutes, dice: new Dice(seed + 2), say: tell }, signal);
    await trouble;
    tell(`quiet after ${stage.incidents.length} incidents; waiting for what is under way`);
    stage.world.simulator.faults.clear();
    const quietAt = performance.now();
    const stuck = await becomesQuiet(stage, signal);
    const quietMs = performance.now() - quietAt;
    return { ...verdictOf(stage, events), stuck, quietMs };
  } finally {
    await stage.close();
  }
}

/** Several troubles may overlap. */
async function makeTrouble(stage: Stage, dice: Dice, endMs: number, signal: AbortSignal): Promise<void> {
  const striking = new Set<Promise<void>>();
  const busy = new Set<unknown>();
  while (performance.now() < endMs && !signal.aborted) {
    await sleep(dice.between(PAUSE_MS.least, PAUSE_MS.most), signal);
    const trouble = dice.pick(TROUBLES);
    // Redis cannot be killed twice, and a silent line cannot be cut.
    const { where = {} } = trouble;
    if (busy.has(where)) continue;
    busy.add(where);
    const strike = trouble.strike(stage, dice).finally(() => {
      striking.delete(strike);
      busy.delete(where);
    });
    striking.add(strike);
  }
  await Promise.all(striking);
}

type Publishing = {
  readonly events: number;
  readonly minutes: number;
  readonly dice: Dice;
  readonly say: (line: string) => void;
};

/** Publishes at an even pace. */
async function publishAll(
  { world }: Stage,
  { events, minutes, dice, say }: Publishing,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  let told = 0;
  for (let n = 0; n < events && !signal.aborted;) {
    const seconds = (performance.now() - started) / 1_000;
    const due = Math.min(events, Math.ceil((seconds / (minutes * 60)) * events));
    for (; n < due; n++) world.publish(keyOf(n), scriptOf(n, dice));
    if (seconds >= told + 10) {
      told += 10;
      const { published, confirmed } = world.simulator.stats();
      say(`${published} published, ${confirmed} confirmed`);
    }
    await sleep(STEP_MS, signal);
  }
}

/** Most handlers are quick. Some fail at first, and some outlive the vendor's window. These have a step. */
function scriptOf(n: number, dice: Dice): Script {
  // Batch handlers have no steps.
  if (keyOf(n).startsWith(IN_BATCH))
    return { failures: dice.chance(4) ? 1 : 0, ms: dice.below(dice.chance(5) ? 2_000 : 100) };
  if (dice.chance(4)) return { charges: true, failures: dice.between(1, 2), ms: dice.below(50) };
  if (dice.chance(1)) return { charges: true, ms: dice.between(3_000, 9_000) };
  return { ms: dice.below(dice.chance(10) ? 500 : 20) };
}

/** Resolves with the work that is still open when patience ends. */
async function becomesQuiet({ world, redis, keys }: Stage, signal: AbortSignal): Promise<readonly string[]> {
  const client = new Redis(redis.url);
  const look = async (): Promise<string[]> => {
    const { unconfirmed } = world.simulator.stats();
    const open = await client.zcard(keys.unconfirmed);
    const jobs = await Promise.all(
      Object.entries(LISTS).map(async ([name, command]) => {
        const count = await client[command](keys.queue(name));
        return count > 0 ? [`${count} jobs are ${name}`] : [];
      }),
    );
    return [
      ...(unconfirmed > 0 ? [`${unconfirmed} events are unconfirmed`] : []),
      ...(open > 0 ? [`${open} events are open in the ledger`] : []),
      ...jobs.flat(),
    ];
  };
  try {
    const quiet = until("it is quiet", async () => signal.aborted || (await look()).length === 0, {
      timeoutMs: CALM_MS,
      pauseMs: 200,
    });
    await settledBefore(
      quiet.catch(() => {}),
      signal,
    );
    return await look();
  } finally {
    client.disconnect();
  }
}
