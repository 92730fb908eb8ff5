import type { Logger } from "pino";
import { CACHE_FOLDER, type Config } from "../config/config.ts";
import { startLocalRedis } from "../redis/local-redis.ts";

export type FoundRedis = { readonly url: string; close(): Promise<unknown> };

/** The one that is configured, else a private one of this process, which ends with it. */
export async function findRedis({ url, folder, server }: Config["redis"], log: Logger): Promise<FoundRedis> {
  if (url !== undefined) return { url, close: async () => {} };
  return await startLocalRedis({ folder, cacheFolder: CACHE_FOLDER, log, ...(server && { server }) });
}
