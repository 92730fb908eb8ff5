/** What the documents say, taken apart, so that tests can hold it against the project. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./process.ts";

type Block = { readonly language: string; readonly text: string };

export type Document = {
  readonly text: string;
  /** Without its code blocks. */
  readonly prose: string;
  readonly blocks: readonly Block[];
  /** The cells of all tables' rows, by the nearest heading above. */
  readonly rows: (heading: string) => readonly (readonly string[])[];
  readonly headings: readonly string[];
};

const BLOCK = /^( *)```(\w*)\n(.*?)^ *```$/gms;

export function documentOf(name: string): Document {
  const text = readFileSync(join(PROJECT, name), "utf8");
  const prose = text.replaceAll(BLOCK, "");
  const sections = prose.split(/^#+ /m).map((section) => section.split("\n"));
  return {
    text,
    prose,
    blocks: [...text.matchAll(BLOCK)].map(([, indent = "", language = "", body = ""]) => ({
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    })),
    headings: sections.flatMap(([heading = ""], index) => (index > 0 ? [heading] : [])),
    rows: (wanted) =>
      sections
        .filter(([heading]) => heading === wanted)
        .flatMap((lines) => lines.filter((line) => /^\|(?!-)/.test(line)))
        .map((line) => line.split("|").map((cell) => cell.trim()))
        .map((cells) => cells.slice(1, -1)),
  };
}

/** As GitHub makes them. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

/** What stands in backticks, over a whole text or one cell. */
export function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}
