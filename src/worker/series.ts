import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { repeatLater } from "../core/repeat.ts";
import type { SeriesMeter } from "../desk/series-meter.ts";
import type { Keys } from "../ledger/keys.ts";
import { createSeries } from "../ledger/series.ts";

type SeriesOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly meter: Pick<SeriesMeter, "take">;
  readonly log: Logger;
};

const WRITTEN_MS = 15_000;

/** Adds what this process counted to the series, once per interval and never per event. */
export function writeSeries({ redis, keys, meter, log }: SeriesOptions): () => Promise<void> {
  const stopping = new AbortController();
  const series = createSeries(redis, keys);
  const failed = (err: unknown): void => log.debug({ err }, "counts of these seconds stand in no series");
  void repeatLater(() => series.add(meter.take()), { everyMs: WRITTEN_MS, signal: stopping.signal, failed });
  return async () => stopping.abort();
}
