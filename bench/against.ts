/** Compares with an earlier run. A figure is worse only if it changed by more than the spread within both runs. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { UsageError } from "../src/simulators/kit/usage-error.ts";
import type { Figure, Figures } from "./kit/row.ts";
import { spreadOf } from "./kit/numbers.ts";
import { cell } from "./kit/table.ts";

const Earlier = z.object({
  figures: z.record(z.string(), z.object({ better: z.enum(["higher", "lower"]), values: z.array(z.number()).min(1) })),
});

/** Smaller changes are never reported. */
const LEAST = 0.03;
/** A single run does not show its own spread, so it needs a larger change. */
const LEAST_OF_SINGLE = 0.15;

export async function readEarlier(file: string): Promise<Figures> {
  try {
    return Earlier.parse(JSON.parse(await readFile(file, "utf8"))).figures;
  } catch (cause) {
    throw new UsageError(`--against: ${file} is no JSON of this bench (--json FILE writes one)`, { cause });
  }
}

/** One line for each worse figure, and one line with the number of compared figures. */
export function againstEarlier(now: Figures, earlier: Figures): readonly string[] {
  const both = Object.entries(now).flatMap(([name, figure]) => {
    const before = earlier[name];
    return before ? [{ name, figure, before }] : [];
  });
  const worse = both.filter(({ figure, before }) => isWorse(figure, before));
  const lines = worse.map(({ name, figure, before }) => `worse: ${name}: ${text(before)} -> ${text(figure)}`);
  const verdict =
    worse.length === 0 ? "nothing got worse beyond its noise" : `${worse.length} got worse beyond their noise`;
  return [...lines, `${both.length} figures compared: ${verdict}`];
}

/** Every run of now must be worse than every earlier run, and the medians must differ by enough. */
function isWorse({ better, values }: Figure, before: Figure): boolean {
  const [now, then] = [spreadOf(values), spreadOf(before.values)];
  const isApart = better === "higher" ? now.max < then.min : now.min > then.max;
  const change = Math.abs(now.median - then.median) / Math.abs(then.median);
  return isApart && change >= (Math.min(values.length, before.values.length) > 1 ? LEAST : LEAST_OF_SINGLE);
}

function text({ values }: Figure): string {
  return cell(values, spreadOf(values).median < 10 ? 3 : 0);
}
