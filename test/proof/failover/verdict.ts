/** The outcome of one row, from what each process counted. */
import type { RunNote } from "../../support/script.ts";
import { type LeftOver, leftOver, type Records } from "./left-over.ts";
import { type Counted, differencesIn } from "./reconcile.ts";
import { type SecondRuns, secondRunsIn } from "./second-runs.ts";
import type { Pulled } from "./vendor-words.ts";
import type { WorkerCounts } from "./worker-counts.ts";

export type Facts = Omit<Counted, "pulled" | "workers" | "runs"> & {
  readonly pulled: readonly Pulled[];
  readonly workers: WorkerCounts;
  readonly runs: readonly RunNote[];
  /** UNIX milliseconds: the failure struck, a primary could serve again, the last event was published. */
  readonly struckAt: number;
  readonly backAt: number;
  readonly publishedAt: number;
};

export type FailoverVerdict = {
  readonly name: string;
  /** For example "Redis 7.0.15". */
  readonly server: string;
  readonly waitReplicas: number;
  /** Half of the events come through each door. */
  readonly published: number;
  /** Pushed events that the vendor gave up, because it received no 200. */
  readonly refused: number;
  readonly confirmed: number;
  readonly lostPulled: number;
  /** Pushed events that were answered with 200 but never handled successfully. */
  readonly lostPushed: number;
  /** The docs name this row as one that may lose them although a replica was waited for. */
  readonly mayLosePushed: boolean;
  /** Events that were confirmed before their first success. */
  readonly early: number;
  readonly secondRuns: number;
  readonly secondRunsBy: SecondRuns;
  /** The differences between the counts of the vendor, the workers and the handlers. */
  readonly differences: readonly string[];
  readonly counted: Pick<Counted, "vendor"> & { readonly workers: WorkerCounts; readonly successes: number };
  /** How often the primary was replaced, or our slot was moved. */
  readonly failovers: number;
  /** The time from the new primary's start of service to the next handler start. */
  readonly resumedMs: number;
  /** The longest time without a handler start, while events arrived. */
  readonly pausedMs: number;
  /** The time that the row took, the start of its servers included. */
  readonly tookMs: number;
  /** The pulled events that were not confirmed in time, and the ledger's records of what it holds for unconfirmed. */
  readonly leftOver: readonly LeftOver[];
  readonly openRecords: Records;
};

const MOST_LEFT = 10;

export function verdictOf(facts: Facts) {
  const { pulled, pushed, vendor, workers, runs, struckAt, backAt, publishedAt } = facts;
  const found = successesOf(runs);
  const taken = pushed.filter(({ isTaken }) => isTaken);
  const unconfirmed = pulled.filter(({ confirmedAt }) => confirmedAt === undefined);
  const nextStart = runs.find(({ phase, at }) => phase === "start" && at >= backAt)?.at ?? Infinity;
  const successes = [...found.values()].reduce((sum, times) => sum + times.length, 0);
  return {
    published: vendor.pulled.published + vendor.pushed.published,
    refused: pushed.length - taken.length,
    confirmed: pulled.length - unconfirmed.length,
    lostPulled: pulled.filter(({ key, confirmedAt }) => confirmedAt === undefined || !found.has(key)).length,
    lostPushed: taken.filter(({ key }) => !found.has(key)).length,
    early: pulled.filter(({ key, confirmedAt = Infinity }) => confirmedAt < (found.get(key)?.[0] ?? Infinity)).length,
    secondRuns: successes - found.size,
    secondRunsBy: secondRunsIn(runs, { struckAt, backAt }),
    differences: differencesIn(facts),
    counted: { vendor, workers, successes },
    resumedMs: nextStart - backAt,
    pausedMs: longestPause(runs, struckAt, publishedAt),
    leftOver: leftOver(unconfirmed.slice(0, MOST_LEFT), runs, struckAt),
  } satisfies Partial<FailoverVerdict>;
}

/** The times of each event's successes. */
export function successesOf(runs: readonly Pick<RunNote, "phase" | "key" | "at">[]): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { phase, key, at } of runs) {
    if (phase !== "success") continue;
    const all = found.get(key) ?? [];
    all.push(at);
    found.set(key, all);
  }
  return found;
}

/** Between two starts from `from` to `end`, or from a start to the end of that time. */
function longestPause(runs: readonly RunNote[], from: number, end: number): number {
  const starts = runs.flatMap(({ phase, at }) => (phase === "start" && from < at && at < end ? [at] : []));
  const times = [from, ...starts.toSorted((a, b) => a - b), end];
  return Math.max(...times.slice(1).map((at, n) => at - (times[n] ?? at)));
}
