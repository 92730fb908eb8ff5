import type { Logger } from "pino";
import { CACHE_FOLDER, type Config } from "../config/config.ts";
import type { RedisPlace } from "../settings/redis-url.ts";

export type FoundRedis = { readonly place: RedisPlace; close(): Promise<unknown> };

/** Returns the configured Redis, or starts a private one that ends with this process. */
export async function findRedis(
  { url, sentinelPassword, prefix, folder, server }: Config["redis"],
  log: Logger,
): Promise<FoundRedis> {
  if (url !== undefined) return { place: { url, prefix, sentinelPassword }, close: async () => {} };
  const { startLocalRedis } = await import("../redis/local-redis.ts");
  const local = await startLocalRedis({ folder, cacheFolder: CACHE_FOLDER, log, ...(server && { server }) });
  return { place: { url: local.url, prefix }, close: () => local.close() };
}
