import { Redis, type RedisOptions } from "ioredis";
import { watchedConnector } from "./failover-watch.ts";
import { readSentinelUrl, type RedisPlace, type SentinelUrl } from "../settings/redis-url.ts";

/** Does not wait long for a dead sentinel: another one knows the same. */
const CONNECT_MS = 2_000;
const ASK_AGAIN_MS = { step: 100, most: 1_000 };

type Options = Omit<RedisOptions, "replyMapping">;

/** A connection to it, which finds the primary again wherever its sentinels say that it is. */
export function openRedis(place: RedisPlace, options: Options): Redis {
  const set = readSentinelUrl(place.url);
  if (!set) return new Redis(place.url, options);
  const Connector = watchedConnector(place, set);
  return new Redis({ ...options, ...optionsOf(set, place.sentinelPassword), Connector });
}

function optionsOf(set: SentinelUrl, sentinelPassword: string | undefined): Options {
  const { sentinels, primary, database, isEncrypted } = set;
  return {
    sentinels: [...sentinels],
    name: primary,
    db: database,
    ...(set.username !== undefined && { username: set.username }),
    ...(set.password !== undefined && { password: set.password }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(isEncrypted && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
    connectTimeout: CONNECT_MS,
    sentinelCommandTimeout: CONNECT_MS,
    sentinelRetryStrategy: (times) => Math.min(times * ASK_AGAIN_MS.step, ASK_AGAIN_MS.most),
  };
}
