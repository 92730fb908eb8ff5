/** The metrics for Prometheus: counters, durations, the status as gauges, and those of the process itself. */
import { madeOnce } from "../../core/event-log.ts";
import type { Meter } from "../../core/meter.ts";
import { CONTENT_TYPE, textOf } from "./exposition.ts";
import { gaugesOf } from "./gauges.ts";
import { createProcessMetrics } from "./process-metrics.ts";
import { createTally } from "./tally.ts";
import { withTimeout } from "../with-timeout.ts";
import type { Status } from "./status-contract.ts";

/** Prometheus times out after 10 s. Without Redis the counters are still useful. */
const STATUS_WAIT_MS = 2_000;

export type Metrics = {
  readonly meter: Meter;
  readonly contentType: string;
  /** All metrics in Prometheus' format. Without Redis the only gauge is `ready`. */
  readonly text: () => Promise<string>;
};

export function createMetrics(options: { readonly status: () => Promise<Status> }): Metrics {
  const tally = createTally();
  const readStatus = withTimeout(options.status, STATUS_WAIT_MS);
  // Not every process is scraped, and the measuring of the event loop costs a timer.
  const ofProcess = madeOnce(createProcessMetrics);
  return {
    meter: tally,
    contentType: CONTENT_TYPE,
    async text() {
      const readProcess = ofProcess();
      const status = await readStatus().catch(() => undefined);
      return `${textOf(readProcess(), "")}\n\n${textOf([...tally.families(), ...gaugesOf(status)])}\n`;
    },
  };
}
