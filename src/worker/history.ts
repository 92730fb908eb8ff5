import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { repeat } from "../core/repeat.ts";
import type { Keys } from "../ledger/keys.ts";
import { createTrimHistory, type HistoryBounds } from "../ledger/trim-history.ts";

type HistoryOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly bounds: HistoryBounds;
  readonly log: Logger;
};

/** Between two looks the history may grow beyond its bounds. */
const TRIMMED_MS = 10_000;

/** Keeps the history inside its bounds. One that is kept no longer is dropped once. */
export function watchHistory({ redis, keys, bounds, log }: HistoryOptions): () => Promise<void> {
  const stopping = new AbortController();
  const trim = createTrimHistory(redis, keys, bounds);
  const failed = (err: unknown): void => log.debug({ err }, "the history could not be looked after");
  if (bounds.events === 0) void trim().catch(failed);
  else void repeat(trim, { everyMs: TRIMMED_MS, signal: stopping.signal, failed });
  return async () => stopping.abort();
}
