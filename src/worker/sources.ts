import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import type { Receiver } from "../core/receiver.ts";
import type { Source } from "../core/source.ts";
import { createMnsSource } from "../vendors/alibaba-vod/pull/source.ts";
import { createMediaConvertSource } from "../vendors/aws-mediaconvert/pull/source.ts";
import { createTencentVodSource } from "../vendors/tencent-vod/pull/source.ts";

/** Every source that the configuration switches on. A new vendor adds its line here. */
export function createSources(config: Config, log: Logger, receivers: readonly Receiver[] = []): readonly Source[] {
  return [...tencentVod(config, log, receivers), ...alibabaMns(config, log), ...awsMediaconvert(config)];
}

function tencentVod({ tencentVod: settings }: Config, log: Logger, receivers: readonly Receiver[]): Source[] {
  if (!settings) return [];
  const {
    subAppIds,
    maxQps,
    endpoint: { protocol, host },
    ...options
  } = settings;
  // While an application moves from being pushed to to being pulled its events come by both doors.
  const memory = receivers
    .filter(({ vendor }) => vendor === "tencent-vod")
    .map(({ memoryMs }) => ({ pushMemoryMs: memoryMs }));
  const create = (subAppId?: number): Source =>
    Object.assign(
      createTencentVodSource({
        ...options,
        endpoint: `${protocol}${host}`,
        ...(subAppId !== undefined && { subAppId }),
        maxCallsPerSecond: maxQps,
        log,
      }),
      memory[0],
    );
  return subAppIds.length === 0 ? [create()] : subAppIds.map(create);
}

function alibabaMns({ alibabaMns: settings }: Config, log: Logger): Source[] {
  if (!settings) return [];
  const {
    queues,
    endpoint: { protocol, host },
    ...credentials
  } = settings;
  return queues.map((queue) => createMnsSource({ ...credentials, endpoint: `${protocol}${host}`, queue, log }));
}

function awsMediaconvert({ awsMediaconvert: settings }: Config): Source[] {
  if (!settings) return [];
  const { queueUrls, ...credentials } = settings;
  return queueUrls.map((queueUrl) => createMediaConvertSource({ ...credentials, queueUrl }));
}
