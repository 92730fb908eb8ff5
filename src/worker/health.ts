/** The state of this process. It is checked every few seconds, and sent to the other replicas, probes and pages. */
import type { Desk } from "../core/inbox.ts";
import type { Keys } from "../ledger/keys.ts";
import type { Operator } from "../queue/operator.ts";
import { VERSION } from "./version.ts";
import { type Heartbeat, type HeartbeatOptions, startHeartbeat } from "./heartbeat.ts";
import { createStatus, type StatusOptions } from "./status.ts";
import { createTellHealth } from "./tell-health.ts";

export type HealthOptions = Omit<StatusOptions, "version" | "heartbeatTrouble" | "dataLoss" | "replicas"> &
  Pick<HeartbeatOptions, "processor" | "onReachable" | "heed" | "log" | "meter" | "failed"> & {
    readonly isWithoutHandlers: boolean;
    readonly keys: Pick<Keys, "shardOf">;
    readonly operator: Pick<Operator, "knownSources">;
    readonly inbox: Pick<Desk, "endAll">;
    readonly replicas: StatusOptions["replicas"] & HeartbeatOptions["replicas"];
  };

export function createHealth(options: HealthOptions) {
  const { config, name, isReachable, replicas, sources, pollers, processor, log, meter, failed } = options;
  let heartbeat: Heartbeat | undefined;
  const status = createStatus({
    ...options,
    version: VERSION,
    heartbeatTrouble: () => heartbeat?.trouble,
    dataLoss: () => heartbeat?.loss,
  });
  const tell = createTellHealth(log);

  return {
    status,

    start(): void {
      heartbeat ??= startHeartbeat({
        replicas,
        about: { name, version: VERSION, roles: config.roles, isWithoutHandlers: options.isWithoutHandlers },
        sources: sources.map((source) => source.name),
        pollers,
        processor,
        isReachable,
        onReachable: options.onReachable,
        wentBack,
        heed: options.heed,
        health: look,
        log,
        meter,
        failed,
      });
    },

    async stop(): Promise<void> {
      await heartbeat?.stop();
    },
  };

  async function wentBack(shards: readonly number[]): Promise<void> {
    const known = await options.operator.knownSources();
    for (const source of known.filter((one) => shards.includes(options.keys.shardOf(one)))) {
      const events = await options.inbox.endAll(source);
      if (events > 0)
        log.warn(
          { source, events },
          "after the loss of data all handled events of this source count as confirmed; those that come back run again",
        );
    }
  }

  async function look() {
    const health = await status();
    tell(health);
    return health;
  }
}
