import { spreadOf } from "./numbers.ts";

export type Row = readonly [label: string, ...cells: string[]];

/** The first row is the heading. The first column is text, and the others are numbers. */
export function tableOf(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((content, column) => (column === 0 ? content.padEnd(widths[0] ?? 0) : content.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return [lines[0], "-".repeat(Math.max(...lines.map((line) => line.length))), ...lines.slice(1)].join("\n");
}

/** The median, and the smallest and largest value if there are several: `3,210 (3,050 to 3,400)`. */
export function cell(values: readonly number[], digits = 0): string {
  if (values.length === 0) return "";
  const { median, min, max } = spreadOf(values);
  const [low, high] = [text(min, digits), text(max, digits)];
  return low === high ? low : `${text(median, digits)} (${low} to ${high})`;
}

function text(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
