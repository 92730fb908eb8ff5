/** How this process stands: looked at every few seconds, told to the other replicas, and to whoever asks. */
import { VERSION } from "./version.ts";
import { type Heartbeat, type HeartbeatOptions, startHeartbeat } from "./heartbeat.ts";
import { createStatus, type StatusOptions } from "./status.ts";
import { createTellHealth } from "./tell-health.ts";

export type HealthOptions = Omit<StatusOptions, "version" | "heartbeatTrouble" | "dataLoss" | "replicas"> &
  Pick<HeartbeatOptions, "processor" | "log" | "meter" | "failed"> & {
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
        about: { name, version: VERSION, roles: config.roles },
        sources: sources.map((source) => source.name),
        pollers,
        processor,
        isReachable,
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

  async function look() {
    const health = await status();
    tell(health);
    return health;
  }
}
