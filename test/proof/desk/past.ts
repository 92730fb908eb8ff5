/** Fills two days of history with copies of one handled event's line. */
import type { Redis } from "ioredis";
import type { Keys } from "../../../src/ledger/keys.ts";
import { until } from "../../support/until.ts";

const HOUR_MS = 3_600_000;
/** As many lines as `life.lua` puts into a chunk. */
const CHUNK_LINES = 256;
const REACHES_MS = 47 * HOUR_MS;
const YESTERDAY_MS = 24 * HOUR_MS;

/**
 * Copies the line of `file`, and moves that line so that its event seems to have ended yesterday. No other event may
 * end meanwhile. Resolves with the number of lines.
 */
export async function fillPast(redis: Redis, { keysOf }: Keys, file: string, count: number): Promise<number> {
  const { past, history } = keysOf("");
  const chunks = Math.max(1, Math.floor(count / CHUNK_LINES));
  const total = chunks * CHUNK_LINES;
  // The worker writes the line after the vendor's answer.
  await until("the event of yesterday is over", async () => (await lineOf(redis, past(0), file)) !== undefined);
  const pattern = (await lineOf(redis, past(0), file)) ?? "";
  const now = Date.now();
  const yesterday = Math.floor(total * (1 - YESTERDAY_MS / REACHES_MS));
  for (let chunk = 0; chunk < chunks; chunk++) {
    const lines = Array.from({ length: CHUNK_LINES }, (_, line) => {
      const number = chunk * CHUNK_LINES + line;
      const endedAt = now - Math.round(REACHES_MS * (1 - number / total));
      return moved(pattern.split("\t"), endedAt, number === yesterday ? undefined : number);
    });
    await redis.del(past(chunk));
    await redis.rpush(past(chunk), lines.join("\n"));
  }
  await redis.hset(history, { count: total, first: 0 });
  return total;
}

async function lineOf(redis: Redis, key: string, file: string): Promise<string | undefined> {
  const lines = (await redis.lrange(key, 0, -1)).flatMap((some) => some.split("\n"));
  return lines.find((line) => line.includes(file));
}

/** A copy with a number gets an id and a subject of its own. */
function moved(pattern: readonly string[], endedAt: number, number: number | undefined): string {
  const [ended = "", reason, source, firstSeen = "", id = "", type, subjects, ...rest] = pattern;
  const began = endedAt - (Number(ended) - Number(firstSeen));
  const digits = String(number).padStart(8, "0");
  const own = number === undefined ? [id, subjects] : [id.slice(0, -8) + digits, `"52858907${digits}"`];
  return [endedAt, reason, source, began, own[0], type, own[1], ...rest].join("\t");
}
