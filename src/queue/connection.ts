import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { messageOf } from "../core/failure.ts";
import { OFTEN } from "../core/log-groups.ts";
import { type RedisTroubleCode, redisTroubleOf } from "../core/redis-trouble.ts";
import { clusterOf } from "./cluster-connector.ts";
import type { RedisPlace } from "../settings/redis-url.ts";
import { openRedis } from "./open-redis.ts";
import { askWhileAway, noteRefusal } from "./refusals.ts";

/** The longest pause between two tries, so that work resumes within seconds of Redis' return. */
const RECONNECT_MS = 1_000;
/** If a reply takes longer, the connection is open on our side only. */
const SILENCE_MS = 6_000;
/** The same for connections on which BullMQ waits for jobs, for up to 10 s at a time. */
export const SILENCE_WHILE_WAITING_MS = 15_000;

const RECONNECT_AND_RESEND = 2;

/** Commands do not wait while Redis is away. An unanswered command fails when the connection does. */
const FAIL_FAST = { enableOfflineQueue: false, maxRetriesPerRequest: 0 };

export type ConnectionOptions = {
  readonly place: RedisPlace;
  readonly name: string;
  readonly log: Logger;
  readonly use: "command" | "push" | "worker" | "look";
};

/**
 * A connection that never gives up. Commands wait while Redis is away (except those of pushes). It logs once that Redis
 * is away, and once that it is back. Until the first contact, `reach` reports instead.
 */
export function connect({ place, name, log, use }: ConnectionOptions): Redis {
  let reconnectedAt = -Infinity;
  let left: unknown;
  let wasThere = false;
  let away = false;
  let reason: unknown;
  let told: RedisTroubleCode | undefined;
  const redis = openRedis(place, {
    connectionName: name,
    ...(use === "push" ? FAIL_FAST : { maxRetriesPerRequest: null }),
    retryStrategy: (times) => Math.min(times * 100, RECONNECT_MS),
    connectTimeout: 5_000,
    // By default the client waits as long as Redis estimates for loading its data.
    maxLoadingRetryTime: RECONNECT_MS,
    socketTimeout: SILENCE_MS,
    // After a failover we may be on a replica, or on a node that no longer has our slot. Reconnect and send the command
    // again, so that the caller notices nothing. If the new node is the same kind, the caller gets the error and waits.
    reconnectOnError: (err) => {
      const isElsewhere = err.message.startsWith("READONLY") || (err.message.startsWith("MOVED") && clusterOf(redis));
      if (use === "look" || !isElsewhere) return false;
      noteRefusal(redis, err);
      // All commands under way are refused.
      if (left === redis.stream) return RECONNECT_AND_RESEND;
      if (performance.now() - reconnectedAt < RECONNECT_MS) return false;
      reconnectedAt = performance.now();
      left = redis.stream;
      // Each of them adds a listener for the end.
      redis.stream.setMaxListeners(0);
      return RECONNECT_AND_RESEND;
    },
    // BullMQ opens connections that are not open yet, this one and its copy. It never recovers if Redis goes away at
    // that moment.
    lazyConnect: use !== "worker",
  });
  redis.on("error", hear);
  if (use === "command" || use === "look") askWhileAway(redis, hear);
  redis.on("close", () => {
    if (!wasThere || away || redis.status === "end") return;
    away = true;
    log.warn({ ...OFTEN, reason: text(reason), connection: use }, "redis is away, waiting for it");
  });
  redis.on("ready", () => {
    if (away) log.info({ ...OFTEN, connection: use }, "redis is back");
    wasThere = true;
    away = false;
    reason = undefined;
    told = undefined;
  });
  return redis;

  function hear(err: unknown): void {
    noteRefusal(redis, err);
    reason = err;
    const trouble = redisTroubleOf(err);
    if (!away || !trouble || trouble.code === "redis-away" || trouble.code === told) return;
    told = trouble.code;
    const { code, fact, fix } = trouble;
    log.error({ code, reason: text(err), fact, fix, connection: use }, "redis is back, but refuses this worker");
  }
}

function text(err: unknown): string {
  return err === undefined ? "no answer" : messageOf(err);
}
