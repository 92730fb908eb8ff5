/** Text for people. Colour is used only on a terminal. */
import { styleText } from "node:util";
import type { Finding } from "../core/finding.ts";

const MARKS = {
  ok: { word: "ok", colour: "green" },
  warn: { word: "warning", colour: "yellow" },
  error: { word: "problem", colour: "red" },
} as const satisfies Record<Finding["level"], { word: string; colour: string }>;

/** As wide as the longest mark and a gap. */
const MARK_WIDTH = 9;
const INDENT = " ".repeat(2 + MARK_WIDTH);

export function print(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

export function heading(text: string): string {
  return styleText("bold", text);
}

export function dim(text: string): string {
  return styleText("dim", text);
}

/** The mark and the fact, and below it what to do. */
export function findingLines({ level, fact, fix }: Finding): readonly string[] {
  const { word, colour } = MARKS[level];
  const [first = "", ...rest] = visible(fact).split("\n");
  return [
    `  ${styleText(colour, word)}${" ".repeat(MARK_WIDTH - word.length)}${first}`,
    ...rest.map((line) => `${INDENT}${line}`),
    ...(fix === undefined ? [] : [`${INDENT}${styleText("cyan", "fix:")} ${visible(fix)}`]),
  ];
}

/** Removes control characters: vendors may send any text, and a terminal would obey them. */
export function visible(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]|\p{Bidi_C}/gu, "\u{fffd}");
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Ends the process after all output is written, even if a user's module has open handles. */
export function exitWith(code: number): void {
  process.stdout.write("", () => process.exit(code));
}

/** Calls back instead of ending the process, until it is disposed of. */
export function onInterrupt(interrupted: () => void): Disposable {
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, interrupted);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, interrupted);
    },
  };
}

/** A program that reads our output, such as `less`, may end first: then this process ends too. */
export function endWithReader(): Disposable {
  process.stdout.on("error", fail);
  return { [Symbol.dispose]: () => void process.stdout.off("error", fail) };
}

function fail(): never {
  process.exit(1);
}
