/** Builds the parts, and starts and stops them in their order. */
import { createLimitsOf } from "../core/order-key.ts";
import { createHolder } from "../core/holder.ts";
import { Poller } from "../core/poller.ts";
import { Recent } from "../core/recent.ts";
import { errorFields, toError } from "../core/failure.ts";
import { createLogGroups } from "../core/log-groups.ts";
import { settledBefore } from "../core/sleep.ts";
import { unfailingLog, unfailingMeter } from "../core/unfailing.ts";
import { SeriesMeter } from "../desk/series-meter.ts";
import { createSubjectsOf } from "../desk/subjects.ts";
import { serve } from "../http/serve.ts";
import { createMetrics } from "../http/probes/metrics.ts";
import { createGateOfShards } from "../ledger/gate-of-shards.ts";
import { createSweep } from "../ledger/sweep.ts";
import { createReplicasOfShards } from "../ledger/replicas-of-shards.ts";
import { createInbox } from "../queue/inbox.ts";
import { createOperator } from "../queue/operator.ts";
import { createFullness } from "../queue/fullness.ts";
import { checkRedis } from "../queue/redis-check.ts";
import { byVendor } from "./check-handlers.ts";
import { openReceivers, openSources, takesCallbacks } from "./doors.ts";
import { prepareHandlers } from "./prepare-handlers.ts";
import { findRedis } from "./find-redis.ts";
import { openReplication } from "./replication.ts";
import { openPushes } from "./pushes.ts";
import { createOrphans } from "./orphans.ts";
import { replicaName } from "./replica-name.ts";
import { writeSeries } from "./series.ts";
import { openShards } from "./shards.ts";
import { stopInOrder } from "./stop-in-order.ts";
import { VERSION } from "./version.ts";
import type { App, AppOptions } from "./app-contract.ts";
import { createConfirmers } from "./confirmers.ts";
import { createHealth } from "./health.ts";
import { watchHistory } from "./history.ts";
import { BEAT_HOLDS_MS } from "./heartbeat.ts";
import { assertOrdersNothing, createGates } from "./gates.ts";
import { startWatch } from "./watch.ts";
import { createWork } from "./work.ts";
import { startAtZero } from "./zero-counters.ts";

/** A private Redis may take 7 s to end. */
const CLEANUP_MS = 8_000;
const CALL_MS = 5_000;

export async function startApp({
  config,
  handlers: ownHandlers,
  log: given,
  beforeStart = () => {},
  workTerms: terms,
  beforeWork = () => {},
}: AppOptions): Promise<App> {
  // Lines may go to the log of another program, but they always show errors in our way.
  const groups = createLogGroups();
  const log = groups.of(unfailingLog(given).child({}, { serializers: { err: errorFields } }));
  const cleanups: (() => Promise<unknown>)[] = [async () => groups.close()];
  try {
    return await start();
  } catch (err) {
    await cleanUp();
    throw err;
  }

  /** Closed in reverse order. None may delay the others, because closing may hang while Redis is away. */
  async function cleanUp(): Promise<void> {
    for (const cleanup of cleanups.toReversed()) await settledBefore(cleanup(), AbortSignal.timeout(CLEANUP_MS));
  }

  async function start(): Promise<App> {
    const { roles, queue: limits, shutdownGraceMs: graceMs } = config;
    const takes = takesCallbacks(config);
    const name = replicaName();
    const ended = Promise.withResolvers<Error | undefined>();
    // This should never happen, but a part that ends silently would be worse.
    const failure = Promise.withResolvers<unknown>();
    const failed = failure.resolve;
    let stopped: Promise<void> | undefined;
    for (const note of [...config.notes, ...(ownHandlers.notes ?? [])]) log.warn(note);

    // This comes first, so that a mistake is reported without waiting for Redis.
    const { handlers, archive, close: closeHandlers } = await prepareHandlers(ownHandlers, config, log);
    cleanups.push(closeHandlers);
    const limitsOf = createLimitsOf(handlers);
    const subjectsOf = createSubjectsOf(
      new Map(config.vendors.map(({ name: vendor, subjects }) => [vendor, subjects])),
    );
    const { maxHeld: mostHeld, maxWaiting } = limits;
    const found = await findRedis(config.redis, log);
    cleanups.push(() => found.close());
    const receivers = await openReceivers(config);
    const sources = await openSources(config, log);
    cleanups.push(async () => sources.forEach((source) => source.close()));
    const [names, called] = [sources.map((one) => one.name), receivers.map(({ source }) => source)];
    const takesIn = roles.includes("pull") || takes;
    const isWithoutHandlers = takesIn && !roles.includes("work") && ownHandlers.list.length === 0;
    const about = { name, sources: [...names, ...called], isWithoutHandlers, log };
    const opened = await openShards({ ...about, place: found.place, limited: handlers.limited });
    cleanups.push(() => opened.close());
    const { redis, keys, all: shards, isReachable } = opened;

    const times = { callMs: CALL_MS, graceMs: config.confirmGraceMs };
    const fullness = createFullness({ shards, fullAt: config.redis.fullAt, log });
    const { isFull } = fullness;
    const told = { subjectsOf, historyAs: config.history.events > 0 ? name : undefined };
    const inbox = createInbox({ redis, keys, shards, times, ...limits, mostHeld, limitsOf, ...told, isFull, log });
    cleanups.push(() => inbox.close());
    fullness.watch(inbox.queues);
    cleanups.push(() => fullness.stop());
    const gate = createGateOfShards(redis, keys);
    if (isWithoutHandlers) await assertOrdersNothing(gate, roles);
    const gates = createGates({ gate, handlers, mostHeld, log });
    cleanups.push(() => gates.stop());
    const pushes = openPushes({
      ...about,
      redis,
      keys,
      shards,
      isReachable,
      attempts: limits.attempts,
      limits: { ...config.callbacks.limits, mostHeld, isFull },
      limitsOf,
      replicas: config.redis.waitReplicas,
    });
    cleanups.push(() => pushes.close());
    beforeStart({ inbox, pushInbox: pushes.inbox, sources });
    const replication = openReplication({ ...config.redis, shards, name, log });
    cleanups.push(() => replication.close());
    const metrics = createMetrics({ status: () => health.status() });
    const recent = new Recent();
    const counted = new SeriesMeter();
    const meter = unfailingMeter(metrics.meter, recent, counted);
    cleanups.push(writeSeries({ redis, keys, meter: counted, log }));
    const { bySource: confirmers, confirm } = createConfirmers(sources, {
      inbox,
      replicatedOf: (source) => replication.replicated?.[keys.shardOf(source)],
      log,
      meter,
    });
    const hold = createHolder({ sources, inbox, confirm, log });
    const operator = createOperator({ redis, inbox, sources, receivers: called, maxWaiting, confirm, log, meter });
    const pollers = roles.includes("pull")
      ? sources.map((source) => new Poller({ source, inbox, confirm, parked: config.parked, log, meter, failed }))
      : [];
    const sink = archive && { ...archive, notes: inbox };
    const where = { redis, shards, queues: inbox.queues, name, keys };
    const work = roles.includes("work")
      ? createWork({ ...where, sink, config, isFull, terms, handlers, inbox, gate, confirm, hold, log, meter, failed })
      : undefined;
    const processor = work?.processor;
    const sweep = createSweep(redis, keys, times.graceMs);
    const watch = startWatch({
      sources: pollers.map(({ source }) => source),
      counts: operator.counts,
      sweep,
      // The private Redis has the right settings.
      checkRedis: config.redis.url
        ? async () => (await Promise.all(shards.map((shard) => checkRedis(shard.redis)))).flat()
        : async () => [],
      findings: fullness.findings,
      log,
      failed,
    });
    cleanups.push(() => watch.stop());
    const replicas = createReplicasOfShards(shards, BEAT_HOLDS_MS, opened.keep);
    cleanups.push(watchHistory({ redis, keys, bounds: config.history, log }));
    const orphans = createOrphans({ operator, replicas, sweep, configured: names, log });
    cleanups.push(() => orphans.stop());
    const health = createHealth({
      config,
      name,
      keys,
      isReachable,
      onReachable: opened.onReachable,
      redisRefusal: opened.refusal,
      inbox,
      operator,
      replicas,
      sources,
      confirmers,
      pollers,
      processor,
      work,
      watch,
      limits: () => gates.status(),
      ordered: handlers.limited.flatMap((one) => (one.isOrdered && roles.includes("work") ? [one.name] : [])),
      isWithoutHandlers,
      heed: gates.heed,
      callbacks: () => pushes.status(),
      recent,
      log,
      meter,
      failed,
    });

    const working = processor ? ownHandlers.list : [];
    startAtZero(meter, { sources, receivers, takesCallbacks: takes, handlers: working });
    const doorOptions = { settings: config.callbacks, receivers, inbox: pushes.inbox, subjectsOf, log, meter };
    const doors = async () => (await import("../http/callbacks/endpoints.ts")).callbacks(doorOptions);
    const http = await serve({
      ...config.http,
      log,
      status: health.status,
      metrics,
      ...(roles.includes("http") && { pages: { queues: inbox.queues, shardOf: keys.shardOf, ...operator } }),
      ...(takes && { callbacks: doors, readCallbacks: pushes.probe }),
    });
    cleanups.push(() => http.close());

    beforeWork();
    if (work) await gates.start();
    work?.start();
    // After a stop in order there is nothing left to do.
    cleanups.push(async () => work?.close(AbortSignal.abort()));
    health.start();
    cleanups.push(() => health.stop());
    if (takes) pushes.watch();
    for (const poller of pollers) poller.start();
    if (roles.includes("pull")) await orphans.start();
    const paths = takes ? receivers.map(({ path }) => path) : [];
    const { url: address, pagesUrl } = http;
    const place = { handlers: byVendor(working), url: address, ...(pagesUrl !== undefined && { pages: pagesUrl }) };
    log.info({ version: VERSION, roles, sources: names, callbacks: paths, ...place }, "started");

    void failure.promise.then(stopAfter);
    return {
      url: address,
      ...(pagesUrl !== undefined && { pagesUrl }),
      status: health.status,
      stop: () => stopOnce(),
      ended: ended.promise,
    };

    function stopOnce(reason?: Error): Promise<void> {
      const parts = { work, pollers, processor, confirmers, closeHandlers };
      return (stopped ??= stopInOrder({ ...parts, cleanUp, graceMs, log }).finally(() => ended.resolve(reason)));
    }

    function stopAfter(err: unknown): void {
      if (stopped) return;
      log.fatal({ err }, "unexpected error, stopping");
      void stopOnce(toError(err));
    }
  }
}
