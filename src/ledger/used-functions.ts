/** A function of the top level with the comment in front of it, or the text between two of them. */
export type Part = { readonly name: string; readonly text: string; readonly words: ReadonlySet<string> };

/** The layout of the files shows where a function ends. */
const FUNCTION = /(?:^--.*\n)*^local function (\w+)\((?:.* end|[^]*?\nend)$\n?/gm;

/** Splits a file that is joined before scripts. The rest of it has no name. */
export function partsOf(file: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: text, 1: name = "", index } of file.matchAll(FUNCTION)) {
    parts.push(partOf("", file.slice(end, index)), partOf(name, text));
    end = index + text.length;
  }
  parts.push(partOf("", file.slice(end)));
  return parts.filter(({ text }) => text !== "");
}

/**
 * Leaves out the functions that a script does not call. Redis defines all functions of a script anew in each call, which
 * takes longer than a short script itself.
 */
export function usedParts(parts: readonly Part[], script: string): string {
  const used = new Set<Part>(parts.filter(({ name }) => name === ""));
  const named = Map.groupBy(parts, ({ name }) => name);
  const wordsLeft = [partOf("", script), ...used].map(({ words }) => words);
  for (const words of wordsLeft)
    for (const word of words)
      for (const part of named.get(word) ?? []) {
        if (used.has(part)) continue;
        used.add(part);
        wordsLeft.push(part.words);
      }
  return parts.flatMap((part) => (used.has(part) ? part.text : [])).join("");
}

function partOf(name: string, text: string): Part {
  return { name, text, words: new Set(text.replaceAll(/^ *--.*$/gm, "").match(/\w+/g)) };
}
