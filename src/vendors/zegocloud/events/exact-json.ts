/**
 * JSON without the loss of digits: the vendor writes 64-bit ids as numbers. What comes out is plain JSON again, which
 * `JSON.stringify` keeps as it is: an integer beyond 2^53, or a number beyond all that a double can hold, becomes a text of
 * its digits.
 */

/** Deeper ones cannot be written again by whoever is short of stack; the vendor's deepest has 6 levels. */
const MAX_DEPTH = 100;

/** Undefined when the text is not JSON, or nested too deep to be kept. */
export function parseExact(text: string): unknown {
  try {
    // Parsing alone copes with any depth, a reviver does not.
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

/** Level by level, since a hostile text may have half a million of them. */
function isDeeperThan(limit: number, root: unknown): boolean {
  let level = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((value) => (typeof value === "object" && value !== null ? Object.values(value) : []));
  }
  return false;
}
