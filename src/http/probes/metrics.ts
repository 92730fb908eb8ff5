/** The metrics for Prometheus: counters, durations, and the status as gauges. */
import { Counter, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Meter } from "../../core/meter.ts";
import { COUNTERS, DURATIONS } from "../../core/metric-names.ts";
import { gaugesOf, PREFIX } from "./gauges.ts";
import { withTimeout } from "../with-timeout.ts";
import type { Status } from "./status-contract.ts";

/** Prometheus times out after 10 s. Without Redis the counters are still useful. */
const STATUS_WAIT_MS = 2_000;
/** Types come from outside, and each new label value adds a time series for ever. */
const MAX_TYPES = 200;

export type Metrics = {
  readonly meter: Meter;
  readonly contentType: string;
  /** Everything as Prometheus reads it; answers without Redis too, then with `ready` as the only gauge. */
  readonly text: () => Promise<string>;
};

export function createMetrics(options: { readonly status: () => Promise<Status> }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const readStatus = withTimeout(options.status, STATUS_WAIT_MS);
  return {
    meter: createMeter(registry),
    contentType: registry.contentType,
    text: async () => {
      const status = await readStatus().catch(() => undefined);
      return `${(await registry.metrics()).trimEnd()}\n\n${await gaugesOf(status)}`;
    },
  };
}

function createMeter(registry: Registry): Meter {
  const registers = [registry];
  const counters = new Map<string, Counter>();
  for (const [name, { help, labels: labelNames }] of Object.entries(COUNTERS))
    counters.set(name, new Counter({ name: `${PREFIX}${name}_total`, help, labelNames, registers }));
  const durations = new Map<string, Histogram>();
  for (const [name, { help, labels: labelNames, seconds: bounds }] of Object.entries(DURATIONS)) {
    const buckets = [...bounds];
    const seconds = `${PREFIX}${name.replace(/_ms$/, "_seconds")}`;
    durations.set(name, new Histogram({ name: seconds, help, labelNames, buckets, registers }));
  }
  const bound = createTypeBound();
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc(pick(COUNTERS[name].labels, bound(labels)), by),
    observe: (name, labels, ms) => durations.get(name)?.observe(pick(DURATIONS[name].labels, bound(labels)), ms / 1000),
  };
}

function createTypeBound() {
  const types = new Set<string>();
  return (labels: Readonly<Record<string, string>>) => {
    const { type } = labels;
    if (type === undefined || types.has(type)) return labels;
    if (types.size >= MAX_TYPES) return { ...labels, type: "other" };
    types.add(type);
    return labels;
  };
}

/** prom-client throws at a label it does not know; counting must never break the flow it counts. */
function pick(names: readonly string[], labels: Readonly<Record<string, string>>): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) if (labels[name] !== undefined) picked[name] = labels[name];
  return picked;
}
