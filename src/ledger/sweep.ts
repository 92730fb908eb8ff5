import type { Redis } from "ioredis";
import { z } from "zod";
import { type HidingTerms, longestHiddenMs, mayReturnForMs } from "../core/source.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

/**
 * Events that their vendor has forgotten. `ended`: handled ones, whose records were ended. `forgotten`: others, which
 * exist only as jobs.
 */
export type Swept = { readonly ended: number; readonly forgotten: number };

/**
 * Drops references to records that are gone. Ends the records of events that their vendor has certainly forgotten: they
 * are older than the vendor keeps any, and a pending one has stayed away longer than it can. Younger pending ones that
 * stayed away and whose job has ended count as handled. Without a job they are dropped.
 */
export function createSweep(redis: Redis, { keysOf }: Keys, graceMs: number) {
  const script = loadScript(redis, "source", "sweep");
  const Page = z.tuple([z.string(), z.number(), z.number()]);

  return async (source: HidingTerms): Promise<Swept> => {
    const { name, windowMs } = source;
    const forgottenAfterMs = mayReturnForMs(source) + windowMs + graceMs;
    const awayMs = longestHiddenMs(source) + graceMs;
    let [ended, forgotten] = [0, 0];
    for (const what of ["unconfirmed", "receipts", "forgotten"]) {
      let cursor = "0";
      do {
        const reply = await script(keysOf(name).scope, name, what, cursor, forgottenAfterMs, graceMs, awayMs);
        const [next, endedNow, forgottenNow] = Page.parse(reply);
        cursor = next;
        ended += endedNow;
        forgotten += forgottenNow;
      } while (cursor !== "0");
    }
    return { ended, forgotten };
  };
}
