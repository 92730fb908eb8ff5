import { Redis, type RedisOptions } from "ioredis";
import { watchedConnector } from "./failover-watch.ts";
import { clusterConnector } from "./cluster-connector.ts";
import {
  type ClusterUrl,
  readClusterUrl,
  readSentinelUrl,
  type RedisPlace,
  type SentinelUrl,
} from "../settings/redis-url.ts";

/** A short wait for a dead sentinel, since the others know the same. */
const CONNECT_MS = 2_000;
const ASK_AGAIN_MS = { step: 100, most: 1_000 };

type Options = Omit<RedisOptions, "replyMapping">;

/** A connection that finds the primary again, wherever its sentinels or its cluster say it is. */
export function openRedis(place: RedisPlace, options: Options): Redis {
  const set = readSentinelUrl(place.url);
  const cluster = readClusterUrl(place.url);
  if (cluster) return new Redis({ ...options, ...userOf(cluster), Connector: clusterConnector(place, cluster) });
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
    ...userOf(set),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    ...(isEncrypted && { sentinelTLS: {}, enableTLSForSentinelMode: true }),
    connectTimeout: CONNECT_MS,
    sentinelCommandTimeout: CONNECT_MS,
    sentinelRetryStrategy: (times) => Math.min(times * ASK_AGAIN_MS.step, ASK_AGAIN_MS.most),
  };
}

function userOf({ username, password, isEncrypted }: SentinelUrl | ClusterUrl): Options {
  return {
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(isEncrypted && { tls: {} }),
  };
}
