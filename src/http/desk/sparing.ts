import type { Logger } from "pino";
import { withTimeout } from "../with-timeout.ts";

/** Reading takes at most this share of the time, however often pages ask. */
const SHARE = 1 / 10;

export type Sparing<T> = {
  /** `undefined` means that nothing is known. */
  read(): Promise<T | undefined>;
  /** The known answer is out of date, so the next read asks again. */
  doubt(): void;
};

/**
 * Limits expensive reads for pages that reload themselves again and again. The more a read costs, the rarer it is. If
 * the next answer takes longer than a page waits, the page gets the previous one.
 */
export function sparing<T extends object>(
  { name, waitMs, log }: { readonly name: string; readonly waitMs: number; readonly log: Logger },
  read: () => Promise<T>,
): Sparing<T> {
  let doubts = 0;
  let known: { readonly answer: T; readonly until: number } | undefined;
  const bounded = withTimeout(readAnew, waitMs);
  return {
    async read() {
      if (known && performance.now() < known.until) return known.answer;
      try {
        return (await bounded()) ?? known?.answer;
      } catch (err) {
        log.warn({ err }, `${name} cannot be read`);
        return undefined;
      }
    },
    doubt() {
      doubts += 1;
      if (known) known = { ...known, until: 0 };
    },
  };

  async function readAnew(): Promise<T> {
    const before = performance.now();
    const doubtsBefore = doubts;
    const answer = await read();
    const now = performance.now();
    known = { answer, until: doubts === doubtsBefore ? now + (now - before) / SHARE : 0 };
    return answer;
  }
}
