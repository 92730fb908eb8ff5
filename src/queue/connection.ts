import { Redis } from "ioredis";
import type { Logger } from "pino";
import { UnavailableError } from "../core/errors.ts";
import { messageOf } from "../core/failure.ts";
import { type RedisTrouble, redisTroubleOf } from "../core/redis-trouble.ts";

/** Redis is asked again at most this much later, so that work resumes within seconds of its return. */
const RECONNECT_MS = 1_000;
/** A reply that takes longer means a connection that is open on our side only. */
const SILENCE_MS = 6_000;
/** The same where BullMQ waits for jobs, for up to 10 s at a time. */
export const SILENCE_WHILE_WAITING_MS = 15_000;

/** Nothing waits on this one while Redis is away: what is not answered fails when the connection does. */
const FAIL_FAST = { enableOfflineQueue: false, maxRetriesPerRequest: 0 };

export type ConnectionOptions = {
  readonly url: string;
  readonly name: string;
  readonly log: Logger;
  readonly use: "command" | "push" | "worker" | "look";
};

/**
 * A connection that never gives up: commands wait while Redis is away (not those of pushes), and it says once that it is
 * away and once that it is back. Before it was ever there, `reach` does the talking.
 */
export function connect({ url, name, log, use }: ConnectionOptions): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    ...(use === "push" ? FAIL_FAST : { maxRetriesPerRequest: null }),
    retryStrategy: (times) => Math.min(times * 100, RECONNECT_MS),
    connectTimeout: 5_000,
    socketTimeout: SILENCE_MS,
    // A failover leaves us with a replica: reconnect, and send the command again, so that nobody but this hears of it.
    reconnectOnError: (err) => {
      if (use === "look" || !err.message.startsWith("READONLY")) return false;
      note(redis, err);
      return 2;
    },
    // BullMQ opens what is not open yet, this one and its copy, and never gets over it when Redis goes at that moment.
    lazyConnect: use !== "worker",
  });
  let wasThere = false;
  let away = false;
  let reason: unknown;
  redis.on("error", (err: unknown) => {
    note(redis, err);
    if (away && mistakeIn(err) !== undefined && text(err) !== text(reason))
      log.error({ reason: text(err), connection: use }, "redis is there again and refuses this worker");
    reason = err;
  });
  redis.on("close", () => {
    if (!wasThere || away || redis.status === "end") return;
    away = true;
    log.warn({ reason: text(reason), connection: use }, "redis is away, waiting for it");
  });
  redis.on("ready", () => {
    if (away) log.info({ connection: use }, "redis is back");
    wasThere = true;
    away = false;
    reason = undefined;
  });
  return redis;
}

/** For how long a connection stands for what it was refused; it tries again once a second. */
const REFUSAL_HOLDS_MS = 5_000;

const refusals = new WeakMap<Redis, { readonly trouble: RedisTrouble; readonly at: number }>();

/** Why this connection cannot be made, or its commands are sent again and again. */
export function refusalOf(redis: Redis): RedisTrouble | undefined {
  const last = refusals.get(redis);
  return last && performance.now() - last.at < REFUSAL_HOLDS_MS ? last.trouble : undefined;
}

function note(redis: Redis, err: unknown): void {
  const trouble = redisTroubleOf(err);
  if (trouble) refusals.set(redis, { trouble, at: performance.now() });
}

/** Connects, or says within `timeoutMs` what is wrong with REDIS_URL. The password stays out of every message. */
export async function reach(redis: Redis, timeoutMs: number): Promise<void> {
  const place = `${redis.options.host}:${redis.options.port}`;
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let last: unknown;
  const onError = (err: unknown): void => {
    last = err;
    const mistake = mistakeIn(err);
    if (mistake !== undefined) reject(new Error(`REDIS_URL: ${place} ${mistake}`, { cause: err }));
  };
  /** A question that got lost is no answer. */
  const giveUp = (err: unknown): Promise<never> => {
    onError(err);
    return failed;
  };
  const timer = setTimeout(() => reject(unreachable(place, timeoutMs, last)), timeoutMs);
  redis.on("error", onError);
  redis.connect().catch(onError);
  try {
    await Promise.race([askForRights(redis).catch(giveUp), failed]);
  } catch (err) {
    redis.disconnect();
    throw err;
  } finally {
    clearTimeout(timer);
    redis.off("error", onError);
  }
}

/** BullMQ would ask for these without end where the user may not have them. Waits until there is a connection. */
async function askForRights(redis: Redis): Promise<void> {
  await redis.info("server");
  await redis.time();
  await redis.eval("return 1", 0);
}

function unreachable(place: string, timeoutMs: number, cause: unknown): Error {
  return new UnavailableError(
    `REDIS_URL: no Redis answers at ${place} within ${timeoutMs / 1000} s (${text(cause)}); start it, or correct the address`,
    { cause },
  );
}

/** What no waiting mends. */
function mistakeIn(err: unknown): string | undefined {
  const said = text(err);
  if (said.startsWith("NOAUTH")) return "wants a password; put it into the URL: redis://:password@host:6379";
  if (/^(WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(said))
    return `refuses the user or password (${said}); check both, and what this user may do`;
  if (/^ERR (DB index|invalid DB|SELECT is not allowed)/i.test(said))
    return `has no such database (${said}); correct the number at the end`;
  return undefined;
}

function text(err: unknown): string {
  return err === undefined ? "no answer" : messageOf(err);
}
