import type { Config } from "../config/config.ts";
import type { Confirmer } from "../core/confirmer.ts";
import type { Poller } from "../core/poller.ts";
import type { Processor } from "../core/processor.ts";
import type { CallbackStatus, QueueStatus, SourceStatus, Status } from "../http/probes/status-contract.ts";
import { type Problem, problems, problemsOf } from "../core/problems.ts";
import type { SourceTerms } from "../core/source.ts";
import type { Operator } from "../queue/operator.ts";
import type { Replicas } from "../ledger/replicas.ts";
import { takesCallbacks } from "./doors.ts";
import type { Watch } from "./watch.ts";

export type StatusOptions = {
  readonly config: Config;
  readonly name: string;
  readonly version: string;
  readonly redisReachable: () => boolean;
  readonly operator: Operator;
  readonly replicas: Pick<Replicas, "list">;
  readonly sources: readonly SourceTerms[];
  readonly confirmers: ReadonlyMap<string, Pick<Confirmer, "trouble">>;
  /** Of the sources that this process pulls. */
  readonly pollers: readonly Poller[];
  readonly processor: Processor | undefined;
  readonly watch: Watch;
  readonly callbacks: () => Promise<CallbackStatus>;
};

/** A vendor that holds calls for seconds answers within this, or something is wrong. */
const SILENT_MS = 60_000;
/** Jobs wait and nothing starts for so long: no worker is alive. */
const IDLE_MS = 60_000;
/** No body is larger. */
const LARGEST_CALLBACK = 1024 * 1024;

/** Readiness follows progress, not pings: it asks whether pulls are answered and jobs are started. */
export function createStatus(options: StatusOptions): () => Promise<Status> {
  const { config, name, version, redisReachable, operator, pollers, watch } = options;
  const startedAt = new Date();
  const started = performance.now();

  return async () => {
    const about = { name, version, startedAt: startedAt.toISOString(), roles: config.roles };
    const reachable = redisReachable();
    if (!reachable) {
      const sources = options.sources.map((terms) => sourceStatus(terms));
      return {
        ready: false,
        problems: [problems.redisAway()],
        ...about,
        redis: { reachable },
        sources,
      };
    }
    const [queue, callbacks, replicas] = await Promise.all([
      operator.queueStatus(),
      options.callbacks(),
      options.replicas.list(),
    ]);
    const sources = await Promise.all(
      options.sources.map(async (terms) => ({ ...sourceStatus(terms), ...(await operator.counts(terms.name)) })),
    );
    const found = [
      ...problemsOf(watch.redisFindings()),
      ...sources.flatMap(sourceProblems),
      ...workProblems(queue),
      ...parkedProblems(queue.parked),
      ...(takesCallbacks(config) ? callbackProblems(callbacks) : []),
    ];
    return {
      ready: found.length === 0,
      problems: found,
      ...about,
      redis: { reachable },
      queue,
      callbacks,
      sources,
      replicas,
    };
  };

  function sourceStatus({ name: source, vendor, retentionMs }: SourceTerms): SourceStatus {
    const { lastPullAt, trouble } = pollers.find((poller) => poller.source.name === source) ?? {};
    const { findings, backlog } = watch.seen(source);
    return {
      name: source,
      vendor,
      ...(lastPullAt && { lastPullAt: lastPullAt.toISOString() }),
      ...(trouble && { trouble: { ...trouble, since: trouble.since.toISOString() } }),
      findings,
      retentionMs,
      ...(backlog !== undefined && { backlog }),
    };
  }

  function sourceProblems(source: SourceStatus): readonly Problem[] {
    const { name: of, findings, oldestUnconfirmedMs = 0, retentionMs } = source;
    const unable = options.confirmers.get(of)?.trouble;
    const leftMs = retentionMs - oldestUnconfirmedMs;
    return [
      ...(config.roles.includes("pull") ? pullProblems(source) : []),
      ...(unable ? [problems.confirmFailing(of, unable)] : []),
      ...problemsOf(findings, of),
      ...(leftMs < retentionMs / 4 ? [problems.eventsExpiring(of, leftMs)] : []),
    ];
  }

  function workProblems({ waiting, paused }: QueueStatus): readonly Problem[] {
    if (paused) return [problems.queuePaused()];
    if (!options.processor || waiting === 0 || options.processor.running > 0) return [];
    const idleMs = performance.now() - (options.processor.lastStartedAt ?? started);
    return idleMs > IDLE_MS ? [problems.nothingStarts(waiting, idleMs)] : [];
  }

  /** Every parked event is delivered again each window; a quarter of what the call quota can carry is the time to act. */
  function parkedProblems(parked: number): readonly Problem[] {
    // The sources of one vendor share its quota.
    const carried = new Map(pollers.map(({ source }) => [source.vendor, carriedBy(source)]));
    const limit = [...carried.values()].reduce((sum, most) => sum + most, 0) / 4;
    if (pollers.length === 0 || config.parked === "confirm" || parked <= limit) return [];
    return [problems.tooManyParked(parked)];
  }
}

function callbackProblems({ waiting, waitingBytes, maxWaiting, maxWaitingBytes }: CallbackStatus): readonly Problem[] {
  if (waiting < maxWaiting && waitingBytes + LARGEST_CALLBACK <= maxWaitingBytes) return [];
  const events = `${waiting} of at most ${maxWaiting} events`;
  return [problems.callbacksRefused(`${events} and ${inMib(waitingBytes)} of at most ${inMib(maxWaitingBytes)} MiB`)];
}

function inMib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}

function pullProblems({ name, lastPullAt, trouble }: SourceStatus): readonly Problem[] {
  if (trouble) return [problems.pullFailing(name, trouble)];
  if (!lastPullAt) return [problems.pullUnanswered(name)];
  const silentMs = Date.now() - Date.parse(lastPullAt);
  return silentMs > SILENT_MS ? [problems.pullSilent(name, silentMs)] : [];
}

/** As many events as one vendor's quota can deliver again in one window. */
function carriedBy({ maxCallsPerSecond, batchSize, windowMs }: SourceTerms): number {
  return (maxCallsPerSecond * batchSize * windowMs) / 1_000;
}
