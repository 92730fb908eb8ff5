/** What is looked at regularly, and said once when it changes: the account's settings, the backlog, the oldest event, the event loop. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Logger } from "pino";
import { settledBefore, sleep } from "./core/sleep.ts";
import type { Finding, Source } from "./core/types.ts";
import type { SourceCounts } from "./queue/operator.ts";

export type WatchOptions = {
  readonly sources: readonly Source[];
  readonly counts: (source: string) => Promise<SourceCounts>;
  readonly sweep: (source: string) => Promise<void>;
  readonly log: Logger;
};

export type Seen = { findings: readonly Finding[]; backlog?: number };

export type Watch = {
  seen(source: string): Seen;
  stop(): Promise<void>;
};

const ROUND_MS = 60_000;
/** Settings change rarely, and the call has a quota of its own. */
const CHECK_EVERY = 5;
/** A job lock lasts 10 s and is renewed every 5: a loop that stands still longer loses it. */
const BLOCKED_MS = 2_000;

export function startWatch({ sources, counts, sweep, log }: WatchOptions): Watch {
  const seen = new Map<string, Seen>(sources.map((source) => [source.name, { findings: [] }]));
  const stop = new AbortController();
  const loop = monitorEventLoopDelay({ resolution: 100 });
  loop.enable();
  const running = Promise.all([...sources.map(watchSource), watchLoop()]);

  return {
    seen: (source) => seen.get(source) ?? { findings: [] },
    async stop() {
      stop.abort();
      loop.disable();
      await settledBefore(running, AbortSignal.timeout(1_000));
    },
  };

  async function watchSource(source: Source): Promise<void> {
    const now: Seen = { findings: [] };
    seen.set(source.name, now);
    for (let round = 0; !stop.signal.aborted; round++) {
      try {
        if (round % CHECK_EVERY === 0) now.findings = tell(source, now.findings, await source.check(stop.signal));
        if (source.backlog && !now.findings.some(({ level }) => level === "error"))
          now.backlog = await source.backlog(stop.signal);
        await sweep(source.name);
        warnOfAge(source, await counts(source.name));
      } catch (err) {
        if (!stop.signal.aborted) log.debug({ err, source: source.name }, "a look at the source failed");
      }
      await sleep(ROUND_MS, stop.signal);
    }
  }

  /** Says each finding once, and again only if it went away and came back. */
  function tell(source: Source, before: readonly Finding[], found: readonly Finding[]): readonly Finding[] {
    const said = new Set(before.map(({ fact }) => fact));
    for (const { level, fact, fix } of found) {
      if (!said.has(fact)) log[level === "ok" ? "info" : level]({ source: source.name, ...(fix && { fix }) }, fact);
    }
    return found;
  }

  function warnOfAge({ name, retentionMs }: Source, { unconfirmed, oldestUnconfirmedMs = 0 }: SourceCounts): void {
    if (oldestUnconfirmedMs < retentionMs / 2) return;
    const hours = Math.round(oldestUnconfirmedMs / 3_600_000);
    log.error(
      { source: name, unconfirmed, hours },
      `the oldest unconfirmed event dies at the vendor after ${retentionMs / 3_600_000} hours`,
    );
  }

  async function watchLoop(): Promise<void> {
    while (!stop.signal.aborted) {
      await sleep(10_000, stop.signal);
      const blockedMs = Math.round(loop.max / 1e6);
      loop.reset();
      if (blockedMs > BLOCKED_MS)
        log.warn(
          { blockedMs },
          "a handler blocked the event loop; at 10 s its jobs are taken away and run elsewhere too",
        );
    }
  }
}
