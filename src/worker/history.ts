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

/** The history may exceed its bounds for this long. */
const TRIMMED_MS = 10_000;

/** Keeps the history within its bounds. If the history is switched off, drops it once. */
export function watchHistory({ redis, keys, bounds, log }: HistoryOptions): () => Promise<void> {
  const stopping = new AbortController();
  const trim = createTrimHistory(redis, keys, bounds);
  const failed = (err: unknown): void => log.debug({ err }, "the history could not be looked after");
  if (bounds.events === 0) void trim().catch(failed);
  else void repeat(trim, { everyMs: TRIMMED_MS, signal: stopping.signal, failed });
  return async () => stopping.abort();
}
