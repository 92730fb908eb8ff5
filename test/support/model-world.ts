import type { SourceTerms } from "../../src/core/types.ts";
import { MemoryInbox } from "./memory-inbox.ts";
import { ModelProcess, type RunEnd } from "./model-process.ts";
import { ModelDice, ModelTime } from "./model-time.ts";
import { ModelVendor, type Receipts } from "./model-vendor.ts";

type Schedule = {
  readonly seed: number;
  readonly receipts: Receipts;
  readonly happenings: readonly { readonly at: number; readonly body: string }[];
  /** When a replica dies. */
  readonly crashes: readonly number[];
  /** When the store is emptied. */
  readonly losses: readonly number[];
};

const SOURCE: SourceTerms = {
  name: "tencent-vod",
  vendor: "tencent-vod",
  windowMs: 30_000,
  retentionMs: 4 * 24 * 3_600_000,
  batchSize: 16,
  maxCallsPerSecond: 100,
};
const REPLICAS = 2;
const RESTART_MS = 1_000;
/** Until then things go wrong. */
export const CHAOS_MS = 240_000;
/** Enough for the longest handler, a parked event's retry and a dozen windows. */
const CALM_MS = 900_000;

const NOTHING = {
  happened: 0,
  /** Successful runs; `stored` of them were written down. */
  runs: 0,
  stored: 0,
  gone: 0,
  /** Confirmations that took effect and nobody heard of. */
  unheard: 0,
  /** Runs that may be repeated: the process died before it could store them, or the store was emptied. */
  excused: 0,
  /** Times when two deliveries of one event in a row were lost on their way: no empty pull proves anything then. */
  lostTwice: 0,
  /** Second runs that have no excuse but that. */
  again: 0,
};

export type Tally = typeof NOTHING;
const KEYS = ["happened", "runs", "stored", "gone", "unheard", "excused", "lostTwice", "again"] as const;

/** One vendor, two replicas, and what became of every event; a promise that is broken ends it with an error. */
export async function playOut(schedule: Schedule): Promise<Tally> {
  const time = new ModelTime();
  const inbox = new MemoryInbox({ now: time.now, monotonic: time.now });
  const vendor = new ModelVendor({
    source: SOURCE,
    receipts: schedule.receipts,
    gone,
    lostTwice: (body) => void (of(body).lostTwice += 1),
  });
  const tallies = new Map<string, Tally>();
  const replicas: ModelProcess[] = [];
  const world = {
    source: SOURCE,
    time,
    vendor,
    inbox,
    dice: new ModelDice(schedule.seed),
    chaos: () => time.now() < CHAOS_MS,
    seen: { ran, unheard: (body: string) => void (of(body).unheard += 1), died },
  };
  let quiet = false;

  for (const { at, body } of schedule.happenings)
    time.after(at, () => {
      of(body).happened += 1;
      vendor.publish(body);
    });
  for (const at of schedule.crashes) time.after(at, () => replicas[0]?.die());
  for (const at of schedule.losses) time.after(at, lose);
  for (let n = 0; n < REPLICAS; n++) replicas.push(new ModelProcess(world));
  time.after(CHAOS_MS, look);
  await time.run(CHAOS_MS + CALM_MS, () => quiet);
  if (!quiet) throw new Error(`stuck: ${JSON.stringify(await open())}`);
  return sum([...tallies.values()]);

  function ran(body: string, end: RunEnd): void {
    const tally = of(body);
    tally.runs += 1;
    if (end === "stored") tally.stored += 1;
    if (end === "died") tally.excused += 1;
    if (tally.runs > tally.happened + tally.excused + tally.again) tally.again += 1;
    if (tally.again > tally.lostTwice) throw new Error(`${body} was handled again: ${JSON.stringify(tally)}`);
  }

  function gone(body: string): void {
    const tally = of(body);
    tally.gone += 1;
    if (tally.gone > tally.stored + tally.unheard)
      throw new Error(`${body} was confirmed without a run: ${JSON.stringify(tally)}`);
  }

  function died(): void {
    replicas.splice(
      replicas.findIndex((replica) => replica.dead),
      1,
    );
    time.after(RESTART_MS, () => void replicas.push(new ModelProcess(world)));
  }

  /** What is unconfirmed then may be handled once more, and what a pull under way still brings though it is confirmed. */
  function lose(): void {
    inbox.loseEverything();
    for (const { body } of vendor.happenings) of(body).excused += 1;
  }

  async function look(): Promise<void> {
    const { there, owing, unfinished } = await open();
    quiet = there + owing + unfinished === 0;
    time.after(1_000, look);
  }

  async function open() {
    const { owing } = await inbox.accept(SOURCE, time.now(), []);
    const there = vendor.happenings.filter((happening) => !happening.gone).length;
    return { there, owing, unfinished: inbox.jobs.unfinished };
  }

  function of(body: string): Tally {
    const known = tallies.get(body) ?? sum([]);
    tallies.set(body, known);
    return known;
  }
}

export function sum(tallies: readonly Tally[]): Tally {
  const total = { ...NOTHING };
  for (const tally of tallies) for (const key of KEYS) total[key] += tally[key];
  return total;
}
