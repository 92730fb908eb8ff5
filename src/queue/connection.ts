import { Redis } from "ioredis";
import type { Logger } from "pino";

/** Redis is asked again at most this much later, so that work resumes within seconds of its return. */
const RECONNECT_MS = 1_000;
/** A reply that takes longer means a connection that is open on our side only. Blocking reads of the worker last up to 10 s. */
const SILENCE_MS = { command: 6_000, worker: 15_000 };

export type ConnectionOptions = {
  readonly url: string;
  readonly name: string;
  readonly log: Logger;
  readonly use: keyof typeof SILENCE_MS;
};

/** A connection that never gives up: commands wait while Redis is away, and it says once that it is away and once that it is back. */
export function connect({ url, name, log, use }: ConnectionOptions): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 100, RECONNECT_MS),
    connectTimeout: 5_000,
    socketTimeout: SILENCE_MS[use],
    // A failover leaves us with a replica: reconnect, and send the command again.
    reconnectOnError: (err) => (err.message.startsWith("READONLY") ? 2 : false),
    lazyConnect: true,
  });
  let away = false;
  let reason: unknown;
  redis.on("error", (err: unknown) => {
    reason = err;
  });
  redis.on("close", () => {
    if (away || redis.status === "end") return;
    away = true;
    log.warn({ err: reason, connection: use }, "redis is away, waiting for it");
  });
  redis.on("ready", () => {
    if (away) log.info({ connection: use }, "redis is back");
    away = false;
    reason = undefined;
  });
  return redis;
}

/** Connects, or says within `timeoutMs` what is wrong with REDIS_URL. The password stays out of every message. */
export async function reach(redis: Redis, timeoutMs: number): Promise<void> {
  const place = `${redis.options.host}:${redis.options.port}`;
  let last: unknown;
  const remember = (err: unknown): void => {
    last = err;
  };
  redis.on("error", remember);
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(unreachable(place, timeoutMs, last)), timeoutMs);
    const refused = (err: unknown): void => {
      if (isAccessFault(err))
        reject(new Error(`REDIS_URL: ${place} refuses the user or password (${text(err)}); check both`));
    };
    redis.on("error", refused);
    redis.once("ready", () => {
      clearTimeout(timer);
      redis.off("error", refused);
      resolve();
    });
  });
  redis.connect().catch(remember);
  try {
    await ready;
  } catch (err) {
    redis.disconnect();
    throw err;
  } finally {
    redis.off("error", remember);
  }
}

function unreachable(place: string, timeoutMs: number, cause: unknown): Error {
  return new Error(
    `REDIS_URL: no Redis answers at ${place} within ${timeoutMs / 1000} s (${text(cause)}); start it, or correct the address`,
    { cause },
  );
}

function isAccessFault(err: unknown): boolean {
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password)/.test(text(err));
}

function text(err: unknown): string {
  if (err instanceof AggregateError && err.errors[0] instanceof Error) return err.errors[0].message;
  return err instanceof Error ? err.message || err.name : "no answer";
}
