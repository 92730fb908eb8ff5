import type { Logger } from "pino";
import { withTimeout } from "../with-timeout.ts";

/** Reading takes at most this share of the time, however often pages ask. */
const SHARE = 1 / 10;

/**
 * Reads what may be much, for pages that load themselves again and again: rarely while it costs much, and with what was
 * known before while the next answer takes longer than a page waits. `undefined` means that nothing is known.
 */
export function sparing<T extends object>(
  { name, waitMs, log }: { readonly name: string; readonly waitMs: number; readonly log: Logger },
  read: () => Promise<T>,
): () => Promise<T | undefined> {
  let known: { readonly answer: T; readonly until: number } | undefined;
  const bounded = withTimeout(readAnew, waitMs);
  return async () => {
    if (known && performance.now() < known.until) return known.answer;
    try {
      return (await bounded()) ?? known?.answer;
    } catch (err) {
      log.warn({ err }, `${name} cannot be read`);
      return undefined;
    }
  };

  async function readAnew(): Promise<T> {
    const before = performance.now();
    const answer = await read();
    const now = performance.now();
    known = { answer, until: now + (now - before) / SHARE };
    return answer;
  }
}
