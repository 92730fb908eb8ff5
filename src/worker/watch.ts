/**
 * Checks regularly, and logs each change once: the account's settings, the backlog, the oldest event, the event loop.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Logger } from "pino";
import { repeat } from "../core/repeat.ts";
import { settledBefore, sleep } from "../core/sleep.ts";
import { isSame } from "../core/trouble.ts";
import { type Finding, isError } from "../core/finding.ts";
import { type ProblemCode, problems } from "../core/problems.ts";
import type { Source } from "../core/source.ts";
import type { Swept } from "../ledger/sweep.ts";
import type { SourceCounts } from "../queue/operator.ts";

export type WatchOptions = {
  readonly sources: readonly Source[];
  readonly counts: (source: string) => Promise<SourceCounts>;
  readonly sweep: (source: Source) => Promise<Swept>;
  readonly checkRedis: () => Promise<readonly Finding[]>;
  /** Findings about Redis at this moment. */
  readonly findings: () => readonly Finding[];
  readonly log: Logger;
  /** Called with an unexpected error. The watch has ended then. */
  readonly failed: (err: unknown) => void;
};

type Seen = { findings: readonly Finding[]; backlog: number | undefined };

export type Watch = {
  seen(source: string): Seen;
  redisFindings(): readonly Finding[];
  stop(): Promise<void>;
};

const ROUND_MS = 60_000;
/** A vendor's library may take longer to load than the first event takes to be handled. */
const FIRST_LOOK_MS = 1_000;
/** Settings change rarely. But a person who has just fixed one wants to see soon that it is right. */
const CHECK_MS = { usual: 300_000, whileWrong: 5_000 };
/** A job lock lasts 10 s and is renewed every 5 s. An event loop that is blocked for longer loses it. */
const BLOCKED_MS = 2_000;

export function startWatch({ sources, counts, sweep, checkRedis, findings, log, failed }: WatchOptions): Watch {
  const seen = new Map<string, Seen>(sources.map((source) => [source.name, { findings: [], backlog: undefined }]));
  let redisFindings: readonly Finding[] = [];
  const stop = new AbortController();
  const loop = monitorEventLoopDelay({ resolution: 100 });
  loop.enable();
  const running = Promise.all([
    ...sources.map(watchSource),
    keepChecking({}, checkRedis, (found) => (redisFindings = found)),
    watchLoop(),
  ]).catch(failed);

  return {
    seen: (source) => seen.get(source) ?? { findings: [], backlog: undefined },
    redisFindings: () => [...redisFindings, ...findings()],
    async stop() {
      stop.abort();
      loop.disable();
      await settledBefore(running, AbortSignal.timeout(1_000));
    },
  };

  async function watchSource(source: Source): Promise<void> {
    const now: Seen = { findings: [], backlog: undefined };
    seen.set(source.name, now);
    await sleep(FIRST_LOOK_MS, stop.signal);
    const checking = keepChecking(
      { source: source.name },
      () => source.check(stop.signal),
      (found) => (now.findings = found),
    );
    await repeat(() => lookAt(source, now), {
      everyMs: ROUND_MS,
      signal: stop.signal,
      failed(err) {
        if (!stop.signal.aborted) log.debug({ err, source: source.name }, "a look at the source failed");
      },
    });
    await checking;
  }

  async function lookAt(source: Source, now: Seen): Promise<void> {
    const { ended, forgotten } = await sweep(source);
    if (forgotten > 0) {
      const { code, fact, fix } = problems.eventsForgotten(source.name, forgotten);
      log.error({ code, source: source.name, events: forgotten, fix }, fact);
    }
    if (ended > 0)
      log.warn(
        { source: source.name, events: ended },
        "handled events are no longer tracked: their vendor has deleted them by now, and whether it accepted their confirmations is unknown",
      );
    warnOfAge(source, await counts(source.name));
    // Last, because the count is optional and the key may lack the permission.
    now.backlog = await source.backlog?.(stop.signal).catch((err: unknown) => {
      log.debug({ err, source: source.name }, "the vendor does not tell its backlog");
      return undefined;
    });
  }

  /** Logs each finding once, and again only if it went away and came back. */
  async function keepChecking(
    about: { readonly source?: string },
    check: () => Promise<readonly Finding[]>,
    keep: (found: readonly Finding[]) => void,
  ): Promise<void> {
    let known: readonly Finding[] = [];
    while (!stop.signal.aborted) {
      const found = await check();
      if (stop.signal.aborted) return;
      keep(found);
      for (const { level, fact, fix, code } of found)
        if (!known.some((before) => isSame(before.fact, fact)))
          log[level === "ok" ? "info" : level]({ ...about, ...(code && { code }), ...(fix && { fix }) }, fact);
      known = found;
      await sleep(found.some(isError) ? CHECK_MS.whileWrong : CHECK_MS.usual, stop.signal);
    }
  }

  function warnOfAge({ name, retentionMs }: Source, { unconfirmed, oldestUnconfirmedMs = 0 }: SourceCounts): void {
    if (oldestUnconfirmedMs < retentionMs / 2) return;
    const hours = Math.round(oldestUnconfirmedMs / 3_600_000);
    log.error(
      { code: "events-expiring" satisfies ProblemCode, source: name, unconfirmed, hours },
      `the vendor deletes the oldest unconfirmed event when it is ${retentionMs / 3_600_000} hours old`,
    );
  }

  async function watchLoop(): Promise<void> {
    while (!stop.signal.aborted) {
      await sleep(10_000, stop.signal);
      const blockedMs = Math.round(loop.max / 1e6);
      loop.reset();
      if (blockedMs > BLOCKED_MS) {
        const { code, fact, fix } = problems.eventLoopBlocked();
        log.warn({ code, blockedMs, fix }, fact);
      }
    }
  }
}
