import type { Logger } from "pino";
import type { Poller } from "../core/poller.ts";
import type { Processor } from "../core/processor.ts";
import type { Health } from "../core/health.ts";
import type { Replica } from "../core/replica.ts";
import type { DataLoss } from "../core/data-loss.ts";
import type { Meter } from "../core/meter.ts";
import { problems } from "../core/problems.ts";
import { sleep } from "../core/sleep.ts";
import { type Trouble, troubleOf } from "../core/trouble.ts";
import { type Heard, LayoutError, type Replicas } from "../ledger/replicas.ts";

export type HeartbeatOptions = {
  readonly replicas: Pick<Replicas, "beat" | "leave">;
  readonly about: Pick<Replica, "name" | "version" | "roles" | "isWithoutHandlers">;
  /** The names of all configured sources. */
  readonly sources: readonly string[];
  readonly pollers: readonly Pick<Poller, "lastPullAt">[];
  readonly processor: Pick<Processor, "lastStartedAt" | "running"> | undefined;
  readonly isReachable: () => boolean;
  /** Calls back whenever the store is reachable again, since it may have older data then. */
  readonly onReachable: (tell: () => void) => void;
  /** Called when the data of these shards went back in time. Their handled events may be confirmed by now. */
  readonly wentBack: (shards: readonly number[]) => Promise<void>;
  /** Called with the number of times that an operator has limited a handler. */
  readonly heed: (words: number) => Promise<void>;
  /** Reads the state of this process. */
  readonly health: () => Promise<Health>;
  readonly log: Logger;
  readonly meter: Meter;
  /** Called when another version has taken the data over. */
  readonly failed: (err: unknown) => void;
};

const BEAT_MS = 5_000;
/** A replica without a heartbeat for this time counts as gone: it has missed two. */
export const BEAT_HOLDS_MS = 15_000;

export type Heartbeat = {
  /** The last loss of Redis' data, for a while. */
  readonly loss: DataLoss | undefined;
  /** The reason why the last heartbeat failed. */
  readonly trouble: Trouble | undefined;
  stop(): Promise<void>;
};

/** Tells the other replicas every few seconds that this one is alive, what it does and in which state it is. */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { replicas, log, meter } = options;
  let trouble: Trouble | undefined;
  let loss: DataLoss | undefined;
  /** The shards whose data went back. */
  const inDoubt = new Set<number>();
  let wake: (() => void) | undefined;
  const started = performance.now();
  const stopping = new AbortController();
  options.onReachable(() => wake?.());
  void beatOn(); // never rejects

  return {
    get loss() {
      return loss;
    },
    get trouble() {
      return trouble;
    },
    async stop() {
      stopping.abort();
      wake?.();
      if (options.isReachable()) await replicas.leave();
    },
  };

  async function beatOn(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const heard = await replicas.beat(await now());
        tell(heard);
        await options.heed(heard.words);
        if (heard.news === "found") for (const shard of heard.foundIn ?? [0]) inDoubt.add(shard);
        if (inDoubt.size > 0) await options.wentBack([...inDoubt]);
        inDoubt.clear();
        trouble = undefined;
      } catch (err) {
        if (err instanceof LayoutError) return options.failed(err);
        trouble = troubleOf(err, trouble);
        log.debug({ err }, "heartbeat failed");
      }
      await pause();
    }
  }

  async function pause(): Promise<void> {
    if (stopping.signal.aborted) return;
    const woken = new AbortController();
    wake = () => woken.abort();
    await sleep(BEAT_MS, woken.signal);
  }

  function tell(heard: Heard): void {
    loss = heard.loss;
    for (const { name, seenAt } of heard.gone)
      log.warn(
        { replica: name, seenAt },
        "a replica sends no heartbeat any more: it ended or froze, and others take over its events",
      );
    if (heard.news === "found") meter.count("redis_data_lost", {});
    if (heard.news && heard.loss) {
      const { code, fact, fix } = problems.redisDataLost(heard.loss);
      log.error({ code, ...heard.loss, fix }, fact);
    } else if (heard.isOtherRedis) log.info("redis was restarted or replaced; no data is missing");
  }

  async function now() {
    const health = await options.health();
    const at = performance.now();
    const pulls = options.pollers.flatMap(({ lastPullAt }) => (lastPullAt ? [Date.now() - lastPullAt.getTime()] : []));
    const startedAt = options.processor?.lastStartedAt;
    return {
      ...options.about,
      sources: options.sources,
      state: health.state,
      problems: [...new Set(health.problems.map(({ code }) => code))],
      running: options.processor?.running ?? 0,
      upMs: Math.round(at - started),
      ...(pulls.length > 0 && { sincePullMs: Math.max(0, Math.min(...pulls)) }),
      ...(startedAt !== undefined && { sinceStartMs: Math.round(at - startedAt) }),
    };
  }
}
