/** Reasons for second runs, told apart by the time of the first success. */
import type { RunNote } from "../../support/script.ts";

export type SecondRuns = {
  /** The success came before the failure. The node that took over did not have its note. */
  readonly noteLost: number;
  /** The success came during the failure. Its note could not be stored, or was stored on the node that lost. */
  readonly meanwhile: number;
  /** The success came after the failure. */
  readonly later: number;
};

/** A worker that was cut off may learn this late that the failure is over. */
const HEARS_MS = 10_000;

export function secondRunsIn(
  runs: readonly Pick<RunNote, "phase" | "key" | "at">[],
  { struckAt, backAt }: { readonly struckAt: number; readonly backAt: number },
): SecondRuns {
  const first = new Map<string, number>();
  const counts = { noteLost: 0, meanwhile: 0, later: 0 };
  for (const { phase, key, at } of runs) {
    if (phase !== "success") continue;
    const before = first.get(key);
    if (before === undefined) first.set(key, at);
    else if (before < struckAt) counts.noteLost += 1;
    else if (before < backAt + HEARS_MS) counts.meanwhile += 1;
    else counts.later += 1;
  }
  return counts;
}
