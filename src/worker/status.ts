import type { Config } from "../config/config.ts";
import type { Confirmer } from "../core/confirmer.ts";
import type { DataLoss } from "../core/data-loss.ts";
import { HealthTracker } from "../core/health.ts";
import type { Poller } from "../core/poller.ts";
import { type Problem, problems, problemsOf } from "../core/problems.ts";
import type { Processor } from "../core/processor.ts";
import type { Recent } from "../core/recent.ts";
import { type RedisTrouble, redisTrouble, redisTroubleOf } from "../core/redis-trouble.ts";
import type { SourceTerms } from "../core/source.ts";
import type { Trouble } from "../core/trouble.ts";
import type { CallbackStatus, LimitStatus, SourceStatus, Status } from "../http/probes/status-contract.ts";
import type { Operator } from "../queue/operator.ts";
import type { Replicas } from "../ledger/replicas.ts";
import { createParkedWatch, rateProblems, roleProblems } from "./attention.ts";
import { takesCallbacks } from "./doors.ts";
import {
  callbackProblems,
  crowdingProblems,
  dataLossProblems,
  limitProblems,
  orderProblems,
  pullProblems,
  sourceProblems,
  storeProblems,
} from "./problems-now.ts";
import type { Watch } from "./watch.ts";
import type { Work } from "./work.ts";

export type StatusOptions = {
  readonly config: Config;
  readonly name: string;
  readonly version: string;
  readonly isReachable: () => boolean;
  /** Why Redis is unreachable or rejects commands. */
  readonly redisRefusal: () => RedisTrouble | undefined;
  readonly operator: Pick<Operator, "queueStatus" | "counts">;
  readonly replicas: Pick<Replicas, "list">;
  readonly sources: readonly SourceTerms[];
  readonly confirmers: ReadonlyMap<string, Pick<Confirmer, "trouble" | "waitingSince">>;
  /** The pollers of the sources that this process pulls. */
  readonly pollers: readonly Poller[];
  readonly processor: Pick<Processor, "storingSince"> | undefined;
  /** Missing if this process runs no handlers. */
  readonly work: Pick<Work, "problems"> | undefined;
  readonly watch: Pick<Watch, "seen" | "redisFindings">;
  readonly callbacks: () => Promise<CallbackStatus>;
  readonly recent: Pick<Recent, "of">;
  /** The gates of the handlers that run here. */
  readonly limits: () => readonly LimitStatus[];
  /** The handlers of this process whose events have an order. */
  readonly ordered: readonly string[];
  /** The last loss of Redis' data, for a while. */
  readonly dataLoss: () => DataLoss | undefined;
  /** Why the last heartbeat could not be written. All other writes fail for the same reason. */
  readonly heartbeatTrouble: () => Trouble | undefined;
};

/** Probes allow an answer 1 s. */
const LOOK_MS = 250;

/** Readiness follows progress, not pings: it asks whether pulls are answered and jobs are started. */
export function createStatus(options: StatusOptions): () => Promise<Status> {
  const { config, name, version, isReachable, operator, pollers, watch } = options;
  const startedAt = new Date();
  const tracker = new HealthTracker();
  const parkedProblems = createParkedWatch(options.recent, config.parked);

  return async () => {
    if (!isReachable()) return away();
    try {
      return (await unlessAway(withRedis())) ?? away();
    } catch (err) {
      const trouble = redisTroubleOf(err);
      if (!trouble) throw err;
      return withoutRedis(trouble);
    }
  };

  function away(): Status {
    return withoutRedis(options.redisRefusal() ?? redisTrouble("redis-away"));
  }

  /** Undefined if Redis goes away meanwhile: then the command waits until Redis returns. */
  async function unlessAway(reading: Promise<Status>): Promise<Status | undefined> {
    const gone = Promise.withResolvers<undefined>();
    const timer = setInterval(() => isReachable() || gone.resolve(undefined), LOOK_MS);
    try {
      return await Promise.race([reading, gone.promise]);
    } finally {
      clearInterval(timer);
    }
  }

  /** The part of the status that needs no Redis. */
  function withoutRedis(trouble: RedisTrouble): Status {
    const health = tracker.look([problems.redis(trouble)]);
    const sources = options.sources.map((terms) => sourceStatus(terms));
    return { ...health, ...about(), redis: { reachable: isReachable() }, sources };
  }

  async function withRedis(): Promise<Status> {
    const [queue, callbacks, replicas] = await Promise.all([
      operator.queueStatus(),
      options.callbacks(),
      options.replicas.list(),
    ]);
    const sources = await Promise.all(
      options.sources.map(async (terms) => ({ ...sourceStatus(terms), ...(await operator.counts(terms.name)) })),
    );
    const redis = redisProblems();
    const takes = takesCallbacks(config);
    const fleet = {
      roles: config.roles,
      sources: options.sources.map((source) => source.name),
      takesCallbacks: takes,
      replicas,
      waiting: queue.waiting,
    };
    const health = tracker.look([
      ...redis,
      ...dataLossProblems(options.dataLoss()),
      ...pollers.flatMap(pullProblems),
      ...sources.flatMap((source) => sourceProblems(source, options.confirmers.get(source.name))),
      ...(queue.paused ? [problems.queuePaused()] : []),
      ...(options.work?.problems() ?? []),
      ...limitProblems(options.limits()),
      ...storeProblems(options.processor),
      ...crowdingProblems(
        queue.parked,
        pollers.map(({ source }) => source),
        config.parked,
      ),
      ...(takes ? callbackProblems(callbacks) : []),
      // While heartbeats cannot be written, all replicas would seem to be gone.
      ...(redis.length === 0 ? roleProblems(fleet) : []),
      ...orderProblems(replicas, options.ordered),
      ...parkedProblems(queue.parked),
      ...rateProblems(options.recent),
    ]);
    return {
      ...health,
      ...about(),
      redis: { reachable: true },
      queue,
      callbacks,
      limits: options.limits(),
      sources,
      replicas,
    };
  }

  function about() {
    return { name, version, startedAt: startedAt.toISOString(), roles: config.roles };
  }

  /** Collects why parts of the status are missing, each reason once. */
  function redisProblems(): readonly Problem[] {
    const troubles = [options.heartbeatTrouble(), ...pollers.map(({ trouble }) => trouble)];
    const found = troubles.flatMap((trouble) => (trouble?.redis ? [problems.redis(trouble.redis, trouble.since)] : []));
    const refusal = options.redisRefusal();
    // A problem of the connection itself is over by now.
    const refused = refusal && refusal.code !== "redis-away" ? [problems.redis(refusal)] : [];
    return [...problemsOf(watch.redisFindings()), ...refused, ...found.toReversed()];
  }

  function sourceStatus({ name: source, vendor, retentionMs }: SourceTerms): SourceStatus {
    const { lastPullAt, trouble } = pollers.find((poller) => poller.source.name === source) ?? {};
    const { findings, backlog } = watch.seen(source);
    return {
      name: source,
      vendor,
      ...(lastPullAt && { lastPullAt: lastPullAt.toISOString() }),
      ...(trouble && !trouble.redis && { trouble: ofVendor(trouble) }),
      findings,
      retentionMs,
      ...(backlog !== undefined && { backlog }),
    };
  }
}

function ofVendor({ message, fix, since }: Trouble) {
  return { message, ...(fix !== undefined && { fix }), since: since.toISOString() };
}
