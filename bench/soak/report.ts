/** A soak as people read it. */
import { tableOf, type Row as TableRow } from "../table.ts";
import type { Judgement, Row } from "./judge.ts";
import type { Sample, Soaked } from "./soak.ts";

export function soakReport({ rows, minutes, events, perSecond }: Judgement, { tempo, end, samples }: Soaked): string {
  const lines = rows.map((row) => lineOf(row, events));
  const head = ["quantity", "beginning", "end", "growth", "per 1,000 events", "allowed", "verdict"] as const;
  const last = end ?? samples.at(-1);
  return [
    `${numberOf(events)} events confirmed in ${minutes.toFixed(1)} min, ${perSecond.toFixed(1)} per second, after ${(tempo.warmUpMs / 60_000).toFixed(1)} min of warming up`,
    ...(last ? [underWay(last)] : []),
    "",
    tableOf([head, ...lines]),
  ].join("\n");
}

function lineOf({ quantity, trend }: Row, events: number): TableRow {
  const { name, allowance, digits = 0 } = quantity;
  const cells = [trend.begin, trend.end].map((value) => numberOf(value, digits));
  const growth = [signed(trend.growth, digits), signed((trend.growth * 1_000) / events, digits + 2)];
  if (!allowance) return [name, ...cells, ...growth, "", "not judged"];
  return [name, ...cells, ...growth, numberOf(trend.allowed, digits), trend.grown ? "GROWN" : "flat"];
}

function underWay({ vendors: { published, redelivered, faults } }: Sample): string {
  return `in all ${numberOf(published)} published, ${numberOf(redelivered)} delivered again, ${numberOf(faults)} calls spoiled on purpose`;
}

function signed(value: number, digits: number): string {
  const text = numberOf(value, digits);
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${text}` : text.replace(/^-(?=[0.,]*$)/, "");
}

export function numberOf(value: number, digits = 0): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
