import { IN_BATCH } from "../../support/scripted-events.ts";
import type { RunNote } from "../../support/script.ts";

/** One start of a handler and its end. A run whose process died has neither `success` nor `failure`. */
export type Run = { readonly pid: number; readonly start: number; success?: number; failure?: number };

/** The key of the nth event. One event in five shares an order with others. One in seven is handled in a batch. */
export function keyOf(n: number): string {
  if (n % 7 === 3) return `${IN_BATCH}${n}`;
  return n % 5 === 0 ? `key ${n % 100}:${n}` : `event ${n}`;
}

/** Runs by event key, in the order of their starts. */
export function runsByKey(notes: readonly RunNote[]): ReadonlyMap<string, readonly Run[]> {
  const all = new Map<string, Run[]>();
  for (const { key, phase, at, pid } of notes) {
    const runs = all.get(key) ?? [];
    all.set(key, runs);
    if (phase === "start") runs.push({ pid, start: at });
    else if (phase !== "charge") {
      const run = runs.findLast((one) => one.pid === pid);
      if (run) run[phase] = at;
    }
  }
  return all;
}
