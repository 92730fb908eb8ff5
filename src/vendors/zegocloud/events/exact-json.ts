/**
 * Parses JSON without losing digits: the vendor writes 64-bit ids as numbers. An integer beyond 2^53, or a number
 * beyond the range of a double, becomes a text of its digits. `JSON.stringify` then writes the result without a further
 * change.
 */

/** Code with little stack left could not write a deeper value again. The vendor's deepest event has 6 levels. */
const MAX_DEPTH = 100;

/** Undefined when the text is not JSON, or nested too deep to be kept. */
export function parseExact(text: string): unknown {
  try {
    // `JSON.parse` copes with any depth, but not with a reviver.
    return isDeeperThan(MAX_DEPTH, JSON.parse(text)) ? undefined : JSON.parse(text, keepDigits);
  } catch {
    return undefined;
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || source === undefined) return value;
  const isKept = /^-?\d+$/.test(source) ? Number.isSafeInteger(value) : Number.isFinite(value);
  // JSON.stringify writes -0 as 0.
  return isKept ? value + 0 : source;
}

/** Checks level by level, without recursion: a hostile text may have half a million levels. */
function isDeeperThan(limit: number, root: unknown): boolean {
  let level = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return false;
}
