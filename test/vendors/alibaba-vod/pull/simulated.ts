import { pino } from "pino";
import {
  type MnsSimulator,
  type MnsSimulatorOptions,
  startMnsSimulator,
} from "../../../../src/simulators/alibaba-mns/server.ts";
import {
  createMnsSource,
  type MnsSource,
  type MnsSourceOptions,
} from "../../../../src/vendors/alibaba-vod/pull/source.ts";
import { atEnd } from "../../../support/at-end.ts";

export const KEYS = {
  accessKeyId: "LTAI5exampleexample1",
  accessKeySecret: "examplesecret9example",
  securityToken: "CAISexample+token/9==",
};
export const QUEUE = "vod-events";

type Simulated = {
  readonly simulator: MnsSimulator;
  readonly create: (options?: Partial<MnsSourceOptions>) => MnsSource;
  /** What was logged, as objects. */
  readonly logs: readonly unknown[];
};

/** A simulated account and sources that ask it; gone when the test is. */
export async function simulated(options: Partial<MnsSimulatorOptions> = {}): Promise<Simulated> {
  const simulator = await startMnsSimulator({ ...KEYS, ...options });
  atEnd(() => simulator.close());
  const logs: unknown[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void logs.push(JSON.parse(line)) });
  const create = (sourceOptions: Partial<MnsSourceOptions> = {}) => {
    const source = createMnsSource({ ...KEYS, endpoint: simulator.url, queue: QUEUE, log, ...sourceOptions });
    atEnd(source.close);
    return source;
  };
  return { simulator, create, logs };
}
