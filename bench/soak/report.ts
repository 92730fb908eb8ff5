import { tableOf, type Row as TableRow } from "../kit/table.ts";
import type { Judgement, Row } from "./judge.ts";
import type { Soaked } from "./soak.ts";
import type { Sample } from "./stage.ts";

export function soakReport(judgement: Judgement, { end, samples }: Soaked): string {
  const { rows, warmUpMinutes, minutes, events, perSecond } = judgement;
  const head = ["quantity", "beginning", "end", "growth", "per 1,000 events", "allowed", "verdict"] as const;
  const last = end ?? samples.at(-1);
  const judged = `${numberOf(events)} events confirmed in ${minutes.toFixed(1)} min, ${perSecond.toFixed(1)} per second`;
  return [
    `${judged}, after ${warmUpMinutes.toFixed(1)} min of warming up`,
    ...(last ? [inAll(last)] : []),
    "",
    tableOf([head, ...rows.map((row) => lineOf(row, events))]),
  ].join("\n");
}

function lineOf({ quantity, trend }: Row, events: number): TableRow {
  const { name, allowance, digits = 0 } = quantity;
  const cells = [trend.begin, trend.end].map((value) => numberOf(value, digits));
  const growth = [signed(trend.growth, digits), signed((trend.growth * 1_000) / Math.max(events, 1), digits + 2)];
  if (!allowance) return [name, ...cells, ...growth, "", "not judged"];
  return [name, ...cells, ...growth, numberOf(trend.allowed, digits), trend.grown ? "GROWN" : "flat"];
}

function inAll({ vendors: { published, redelivered, faults } }: Sample): string {
  return `in all ${numberOf(published)} published, ${numberOf(redelivered)} delivered again, ${numberOf(faults)} calls spoiled on purpose`;
}

function signed(value: number, digits: number): string {
  const text = numberOf(value, digits);
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${text}` : text.replace(/^-(?=[0.,]*$)/, "");
}

export function numberOf(value: number, digits = 0): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
