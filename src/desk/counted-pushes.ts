import type { Redis } from "ioredis";
import { z } from "zod";

const Fields = z.tuple([z.string(), z.array(z.string())]);
/** The fields of the hash that are sums and no events, see `src/ledger/waiting-pushes.ts`. */
const SUMS = new Set(["bytes", "held"]);

/** Pushed events that are counted in this hash: they wait, run or are parked. A scan may return one twice. */
export async function* countedPushes(
  redis: Redis,
  waitingPushes: string,
): AsyncGenerator<readonly [id: string, counted: string]> {
  let cursor = "0";
  do {
    const [next, fields] = Fields.parse(await redis.hscan(waitingPushes, cursor, "COUNT", 1_000));
    for (let at = 0; at < fields.length; at += 2) {
      const id = fields[at] ?? "";
      if (!SUMS.has(id)) yield [id, fields[at + 1] ?? ""];
    }
    cursor = next;
  } while (cursor !== "0");
}
