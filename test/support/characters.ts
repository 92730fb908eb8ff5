/**
 * Units of fast-check's strings. Its own `binary` and `grapheme` draw the same characters, but build a table of all of
 * them first. That takes a second in each process.
 */
import { integer } from "fast-check";

const HALVES = { from: 0xd800, count: 0x800 } as const;
const LAST = 0x10ffff;

/** Includes lone surrogates of UTF-16. */
export const anyCharacter = integer({ min: 0, max: LAST }).map(String.fromCodePoint, codePointOf);

export const wholeCharacter = integer({ min: 0, max: LAST - HALVES.count }).map(
  (n) => String.fromCodePoint(n < HALVES.from ? n : n + HALVES.count),
  (text) => {
    const n = codePointOf(text);
    return n < HALVES.from ? n : n - HALVES.count;
  },
);

function codePointOf(text: unknown): number {
  const n = typeof text === "string" ? text.codePointAt(0) : undefined;
  if (n === undefined || String.fromCodePoint(n) !== text) throw new Error("not one character");
  return n;
}
