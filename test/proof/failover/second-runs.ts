/** Why events were handled again, told by when their first success was. */
import type { RunNote } from "../../support/script.ts";

export type SecondRuns = {
  /** Before it struck: the note of the success was not on the node that took over. */
  readonly noteLost: number;
  /** While it struck: the note could not be stored, or was stored on the node that lost. */
  readonly meanwhile: number;
  /** Afterwards. */
  readonly later: number;
};

/** A worker that was cut off hears of the end of it so much later. */
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
