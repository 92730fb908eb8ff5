/** The first contact with Redis at the start. Errors are explained in terms of REDIS_URL. */
import type { Redis } from "ioredis";
import { UnavailableError } from "../core/errors.ts";
import { messageOf } from "../core/failure.ts";
import { redisTrouble, redisTroubleOf } from "../core/redis-trouble.ts";
import { sleep } from "../core/sleep.ts";
import { clusterOf } from "./cluster-connector.ts";
import { distrustIn } from "./distrust.ts";
import { placeOf } from "./redis-topology.ts";
import { refusalOf } from "./refusals.ts";
import { sentinelMistake } from "./sentinels.ts";

/** The pause before Redis is tried again. */
const TRY_AGAIN_MS = 300;

/**
 * Connects and makes the first call. Rejects within `timeoutMs` with the reason, in terms of REDIS_URL. No message
 * contains the password.
 */
export async function reach(redis: Redis, timeoutMs: number, first = async (): Promise<void> => {}): Promise<void> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let last: unknown;
  const onError = (err: unknown): void => {
    last = err;
    const mistake = mistakeIn(redis, err);
    if (mistake !== undefined) reject(new Error(`REDIS_URL: ${placeOf(redis)} ${mistake}`, { cause: err }));
  };
  const over = new AbortController();
  const timer = setTimeout(() => reject(unreachable(redis, timeoutMs, last)), timeoutMs);
  redis.on("error", onError);
  redis.connect().catch(onError);
  void sentinelMistake(redis).then((mistake) => mistake && reject(new Error(`REDIS_URL: ${mistake}`)));
  try {
    await Promise.race([tryOn(), failed]);
  } catch (err) {
    redis.disconnect();
    throw err;
  } finally {
    clearTimeout(timer);
    over.abort();
    redis.off("error", onError);
  }

  /** At first Redis may be loading its data, or may lack room. */
  async function tryOn(): Promise<void> {
    while (!over.signal.aborted) {
      try {
        await askForRights(redis);
        return await first();
      } catch (err) {
        if (redisTroubleOf(err) === undefined) throw err;
        onError(err);
        await sleep(TRY_AGAIN_MS, over.signal);
      }
    }
  }
}

/** Tries the commands that BullMQ repeats without end if the user may not run them. Waits for a connection first. */
async function askForRights(redis: Redis): Promise<void> {
  if (/^redis_mode:sentinel/m.test(await redis.info("server"))) throw new Error(isSentinel(redis));
  await redis.time();
  await redis.eval("return 1", 0);
}

function isSentinel(redis: Redis): string {
  const place = placeOf(redis);
  return `REDIS_URL: ${place} is a sentinel; use redis+sentinel://${place}/NAME, with the name that it has for the primary`;
}

function unreachable(redis: Redis, timeoutMs: number, cause: unknown): Error {
  const place = placeOf(redis);
  const trouble = refusalOf(redis) ?? redisTroubleOf(cause);
  if (trouble && trouble.code !== "redis-away")
    return new UnavailableError(`REDIS_URL: ${place} cannot be used: ${trouble.fact}; ${trouble.fix}`, { cause });
  return new UnavailableError(
    `REDIS_URL: no Redis answers at ${place} within ${timeoutMs / 1000} s (${text(cause)}); start it, or correct the address`,
    { cause },
  );
}

/** Recognises a mistake that waiting does not fix. */
function mistakeIn(redis: Redis, err: unknown): string | undefined {
  const said = text(err);
  const distrust = distrustIn(err);
  if (distrust !== undefined) return distrust;
  if (said.startsWith("NOAUTH")) return "wants a password; put it into the URL: redis://:password@host:6379";
  if (/^(WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(said))
    return `refuses the user or password (${said}); check both, and what this user may do`;
  if (/^ERR (DB index|invalid DB|SELECT is not allowed)/i.test(said))
    return `has no such database (${said}); correct the number at the end`;
  if (said.startsWith("ERR This instance has cluster support disabled"))
    return "is no cluster; use redis:// with one address, or redis+sentinel:// where sentinels watch it";
  // Normal in a cluster.
  if (/^(MOVED|CROSSSLOT) /.test(said) && !clusterOf(redis)) {
    const { fact } = redisTrouble("redis-wrong-node");
    return `cannot be used: ${fact}; use redis+cluster://${placeOf(redis)}, which finds it, also after a failover`;
  }
  return undefined;
}

function text(err: unknown): string {
  return err === undefined ? "no answer" : messageOf(err);
}
