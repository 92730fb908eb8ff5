/**
 * Sources that were removed from the settings. Nothing here can confirm their events, so the worker warns as long as
 * there are some. Their records expire. Then the keys that point to them are swept, and the source is forgotten.
 *
 * Sweeping is safe while another replica still has the source configured: it drops only what points to nothing.
 */
import type { Logger } from "pino";
import { repeatLater } from "../core/repeat.ts";
import { settledBefore } from "../core/sleep.ts";
import { LONGEST_TERMS, type SourceTerms } from "../core/source.ts";
import type { Replicas } from "../ledger/replicas.ts";
import type { Swept } from "../ledger/sweep.ts";
import type { Operator } from "../queue/operator.ts";

export type OrphansOptions = {
  readonly operator: Pick<Operator, "knownSources" | "counts">;
  readonly replicas: Pick<Replicas, "list" | "drop">;
  readonly sweep: (source: SourceTerms) => Promise<Swept>;
  readonly configured: readonly string[];
  readonly log: Pick<Logger, "warn" | "info" | "debug">;
};

export type Orphans = {
  look(): Promise<void>;
  /** Checks now, and then once a minute. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

const ROUND_MS = 60_000;

export function createOrphans({ operator, replicas, sweep, configured, log }: OrphansOptions): Orphans {
  const told = new Set<string>();
  const stopping = new AbortController();
  let watching: Promise<void> | undefined;
  return { look, start, stop };

  async function start(): Promise<void> {
    await look();
    watching ??= repeatLater(look, {
      everyMs: ROUND_MS,
      signal: stopping.signal,
      failed: (err) => log.debug({ err }, "a look at former sources failed"),
    });
  }

  async function look(): Promise<void> {
    const elsewhere = new Set((await replicas.list()).flatMap(({ sources }) => sources));
    const known = await operator.knownSources();
    for (const source of known.filter((name) => !configured.includes(name) && !elsewhere.has(name))) {
      if (stopping.signal.aborted) return;
      await lookAt(source);
    }
  }

  async function lookAt(source: string): Promise<void> {
    await sweep({ ...LONGEST_TERMS, vendor: "", name: source, batchSize: 1, maxCallsPerSecond: 1 });
    const { unconfirmed, forgotten } = await operator.counts(source);
    if (unconfirmed + forgotten > 0) {
      if (told.has(source)) return;
      told.add(source);
      return log.warn(
        {
          source,
          unconfirmed,
          forgotten,
          fix: "configure it again until they are confirmed, or discard them on the dashboard",
        },
        "events of a source that is no longer configured stay unconfirmed",
      );
    }
    told.delete(source);
    if (await replicas.drop(source)) log.info({ source }, "nothing is left of a source that is no longer configured");
  }

  async function stop(): Promise<void> {
    stopping.abort();
    if (watching) await settledBefore(watching, AbortSignal.timeout(1_000));
  }
}
