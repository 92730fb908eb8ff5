import type { Config } from "./config.ts";
import type { Poller } from "./core/poller.ts";
import type { Processor } from "./core/processor.ts";
import type { QueueStatus, SourceStatus, Status } from "./http/status.ts";
import type { Finding } from "./core/types.ts";
import type { Operator } from "./queue/operator.ts";
import type { Watch } from "./watch.ts";

export type StatusOptions = {
  readonly config: Config;
  readonly name: string;
  readonly version: string;
  readonly redisReachable: () => boolean;
  readonly redisFindings: readonly Finding[];
  readonly operator: Operator;
  readonly pollers: readonly Poller[];
  readonly processor: Processor | undefined;
  readonly watch: Watch;
};

/** A vendor that holds calls for seconds answers within this, or something is wrong. */
const SILENT_MS = 60_000;
/** Jobs wait and nothing starts for so long: no worker is alive. */
const IDLE_MS = 60_000;

/** Readiness follows progress, not pings: it asks whether pulls are answered and jobs are started. */
export function createStatus(options: StatusOptions): () => Promise<Status> {
  const { config, name, version, redisReachable, operator, pollers, watch } = options;
  const startedAt = new Date();

  return async () => {
    const about = { name, version, startedAt: startedAt.toISOString(), roles: config.roles };
    const reachable = redisReachable();
    if (!reachable) {
      const sources = pollers.map((poller) => sourceStatus(poller));
      return {
        ready: false,
        problems: ["Redis is away; work goes on when it returns"],
        ...about,
        redis: { reachable },
        sources,
      };
    }
    const queue = await operator.queueStatus();
    const sources = await Promise.all(
      pollers.map(async (poller) => ({ ...sourceStatus(poller), ...(await operator.counts(poller.source.name)) })),
    );
    const problems = [
      ...redisProblems(),
      ...sources.flatMap(sourceProblems),
      ...workProblems(queue),
      ...parkedProblems(queue.parked),
    ];
    return { ready: problems.length === 0, problems, ...about, redis: { reachable }, queue, sources };
  };

  function sourceStatus({ source, lastPullAt, trouble }: Poller): SourceStatus {
    const { findings, backlog } = watch.seen(source.name);
    return {
      name: source.name,
      vendor: source.vendor,
      ...(lastPullAt && { lastPullAt: lastPullAt.toISOString() }),
      ...(trouble && { trouble: { ...trouble, since: trouble.since.toISOString() } }),
      findings,
      retentionMs: source.retentionMs,
      ...(backlog !== undefined && { backlog }),
    };
  }

  function redisProblems(): string[] {
    return options.redisFindings.filter(({ level }) => level === "error").map(sentence);
  }

  function sourceProblems({
    name: source,
    lastPullAt,
    trouble,
    findings,
    oldestUnconfirmedMs = 0,
    retentionMs,
  }: SourceStatus): string[] {
    const silentMs = Date.now() - Date.parse(lastPullAt ?? startedAt.toISOString());
    return [
      ...(trouble ? [`${source}: ${trouble.message}${trouble.fix ? `; ${trouble.fix}` : ""}`] : []),
      ...(!trouble && !lastPullAt ? [`${source}: the vendor has not answered a pull yet`] : []),
      ...(!trouble && lastPullAt && silentMs > SILENT_MS
        ? [`${source}: no pull was answered for ${Math.round(silentMs / 1_000)} s`]
        : []),
      ...findings.filter(({ level }) => level === "error").map((finding) => `${source}: ${sentence(finding)}`),
      ...(oldestUnconfirmedMs > retentionMs * 0.75
        ? [
            `${source}: the oldest unconfirmed event dies at the vendor in ${Math.round((retentionMs - oldestUnconfirmedMs) / 3_600_000)} hours`,
          ]
        : []),
    ];
  }

  function workProblems({ waiting, paused }: QueueStatus): string[] {
    if (paused) return ["the queue is paused, no job starts; resume it on /dashboard"];
    if (!options.processor || waiting === 0 || options.processor.running > 0) return [];
    const idleMs = performance.now() - options.processor.lastStartedAt;
    return idleMs > IDLE_MS ? [`${waiting} jobs wait and none was started for ${Math.round(idleMs / 1_000)} s`] : [];
  }

  /** Every parked event is delivered again each window; a quarter of what the call quota can carry is the time to act. */
  function parkedProblems(parked: number): string[] {
    const carried = pollers.map(
      ({ source }) => (source.maxCallsPerSecond * source.batchSize * source.windowMs) / 1_000,
    );
    const limit = carried.reduce((sum, most) => sum + most, 0) / 4;
    if (pollers.length === 0 || config.parked === "confirm" || parked <= limit) return [];
    return [
      `${parked} events are parked; their redeliveries begin to crowd out new ones: retry or discard them, or set PARKED=confirm`,
    ];
  }
}

function sentence({ fact, fix }: Finding): string {
  return fix ? `${fact}; ${fix}` : fact;
}
