import { pino } from "pino";
import { onTestFinished } from "vitest";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../../../src/simulators/tencent-vod/server.ts";
import { createTencentVodSource } from "../../../../src/vendors/tencent-vod/pull/source.ts";
import type { TencentVodSource, TencentVodSourceOptions } from "../../../../src/vendors/tencent-vod/pull/source.ts";

export const KEYS = { secretId: "AKIDexampleexample", secretKey: "examplekeyexample", sessionToken: "example-token" };

type Simulated = {
  readonly simulator: Simulator;
  readonly create: (options?: Partial<TencentVodSourceOptions>) => TencentVodSource;
};

/** A simulated account and sources that ask it; gone when the test is. */
export async function simulated(options: Partial<SimulatorOptions> = {}): Promise<Simulated> {
  const simulator = await startSimulator({ ...KEYS, ...options });
  onTestFinished(() => simulator.close());
  const create = (sourceOptions: Partial<TencentVodSourceOptions> = {}) => {
    const log = pino({ level: "silent" });
    const source = createTencentVodSource({ ...KEYS, endpoint: simulator.url, log, ...sourceOptions });
    onTestFinished(source.close);
    return source;
  };
  return { simulator, create };
}
