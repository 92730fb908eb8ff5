/** The metrics for Prometheus: counters, durations, the status as gauges, and those of the process itself. */
import type { Meter } from "../../core/meter.ts";
import { CONTENT_TYPE, textOf } from "./exposition.ts";
import { gaugesOf } from "./gauges.ts";
import { createTally } from "./tally.ts";
import { withTimeout } from "../with-timeout.ts";
import type { Status } from "./status-contract.ts";

/** Prometheus times out after 10 s. Without Redis the counters are still useful. */
const STATUS_WAIT_MS = 2_000;

/** The library writes such samples for what was not measured yet. */
const WITHOUT_VALUE = /^[^#\n].* Nan\n/gm;

export type Metrics = {
  readonly meter: Meter;
  readonly contentType: string;
  /** All metrics in Prometheus' format. Without Redis the only gauge is `ready`. */
  readonly text: () => Promise<string>;
};

export function createMetrics(options: { readonly status: () => Promise<Status> }): Metrics {
  const tally = createTally();
  const readStatus = withTimeout(options.status, STATUS_WAIT_MS);
  let ofProcess: Promise<() => Promise<string>> | undefined;
  return {
    meter: tally,
    contentType: CONTENT_TYPE,
    async text() {
      ofProcess ??= loadProcessMetrics();
      const status = await readStatus().catch(() => undefined);
      const process = await (await ofProcess)();
      return `${process.trimEnd()}\n\n${textOf([...tally.families(), ...gaugesOf(status)])}\n`;
    },
  };
}

/** Loaded at the first scrape: the library takes a tenth of the start time, and not every process is scraped. */
async function loadProcessMetrics(): Promise<() => Promise<string>> {
  const { Registry, collectDefaultMetrics } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return async () => (await registry.metrics()).replaceAll(WITHOUT_VALUE, "");
}
