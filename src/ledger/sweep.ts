import type { Redis } from "ioredis";
import { z } from "zod";
import type { SourceTerms } from "../core/source.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

/**
 * Drops what points to records that are gone, and ends the records of handled events that their vendor has certainly
 * forgotten. Resolves with how many it ended.
 */
export function createSweep(redis: Redis, { keysOf }: Keys, graceMs: number) {
  const script = loadScript(redis, "source", "sweep");
  const Page = z.tuple([z.string(), z.number()]);

  return async ({ name, retentionMs, windowMs }: SourceTerms): Promise<number> => {
    const forgottenAfterMs = retentionMs + windowMs + graceMs;
    let ended = 0;
    for (const what of ["unconfirmed", "receipts"]) {
      let cursor = "0";
      do {
        const reply = await script(keysOf(name).scope, name, what, cursor, forgottenAfterMs, graceMs);
        const [next, count] = Page.parse(reply);
        cursor = next;
        ended += count;
      } while (cursor !== "0");
    }
    return ended;
  };
}
