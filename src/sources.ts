import type { Logger } from "pino";
import type { Config } from "./config.ts";
import type { Source } from "./core/types.ts";
import { createTencentVodSource } from "./vendors/tencent-vod/source.ts";

/** Every source that the configuration switches on. A new vendor adds its line here. */
export function createSources(config: Config, log: Logger): readonly Source[] {
  return [...tencentVod(config, log)];
}

function tencentVod({ tencentVod: settings }: Config, log: Logger): Source[] {
  if (!settings) return [];
  const {
    subAppIds,
    maxQps,
    endpoint: { protocol, host },
    ...options
  } = settings;
  const create = (subAppId?: number): Source =>
    createTencentVodSource({
      ...options,
      endpoint: `${protocol}${host}`,
      ...(subAppId !== undefined && { subAppId }),
      maxCallsPerSecond: maxQps,
      log,
    });
  return subAppIds.length === 0 ? [create()] : subAppIds.map(create);
}
