/** What Prometheus sees: counters and durations by their names, and the status as gauges. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { Meter } from "../../core/meter.ts";
import { COUNTERS, DURATIONS } from "./metric-names.ts";
import { withTimeout } from "../with-timeout.ts";
import type { SourceStatus, Status } from "./status-contract.ts";

const PREFIX = "reliable_callback_";
/** Prometheus gives up after 10 s; while Redis is away the counters are still worth having. */
const STATUS_WAIT_MS = 2_000;
/** Types come from outside, and each label value is a time series that never ends. */
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
  return Object.fromEntries(names.map((name) => [name, labels[name] ?? ""]));
}

/** Fresh for each scrape: a gauge whose value is unknown now is absent, not stale. */
async function gaugesOf(status: Status | undefined): Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `${PREFIX}${name}`, help, labelNames, registers: [registry] });
  gauge("ready", "1 while nothing keeps this process from making progress").set(status?.ready ? 1 : 0);
  if (!status) return await registry.metrics();

  gauge("redis_reachable", "1 while Redis answers").set(status.redis.reachable ? 1 : 0);
  gauge("build_info", "Always 1; the label says which version runs", "version").set({ version: status.version }, 1);
  if (status.queue) {
    const { maxWaiting, paused, ...states } = status.queue;
    const events = gauge("queue_events", "Events in the queue by state", "state");
    for (const [state, count] of Object.entries(states)) events.set({ state }, count);
    gauge("queue_paused", "1 while an operator holds the queue").set(paused ? 1 : 0);
    gauge("queue_max_waiting", "Beyond this many, callbacks aside, new events stay at the vendor").set(maxWaiting);
  }
  if (status.callbacks) {
    const { waiting, waitingBytes, maxWaiting, maxWaitingBytes } = status.callbacks;
    gauge("callbacks_waiting", "Events of callbacks that are not handled yet, parked ones too").set(waiting);
    gauge("callbacks_waiting_bytes", "Bytes of their bodies").set(waitingBytes);
    gauge("callbacks_max_waiting", "Beyond this many callbacks are answered 503").set(maxWaiting);
    gauge("callbacks_max_waiting_bytes", "Beyond these bytes callbacks are answered 503").set(maxWaitingBytes);
  }
  for (const [name, help, valueOf] of SOURCE_GAUGES) {
    const perSource = gauge(`source_${name}`, help, "source");
    for (const source of status.sources) {
      const value = valueOf(source);
      if (value !== undefined) perSource.set({ source: source.name }, value);
    }
  }
  return await registry.metrics();
}

const SOURCE_GAUGES: readonly (readonly [string, string, (source: SourceStatus) => number | undefined])[] = [
  ["unconfirmed", "Events taken in and not yet confirmed", (source) => source.unconfirmed],
  ["handled", "Handled events that are not yet confirmed", (source) => source.handled],
  [
    "oldest_unconfirmed_seconds",
    "Age of the oldest unconfirmed event",
    (source) => inSeconds(source.oldestUnconfirmedMs),
  ],
  ["retention_seconds", "How long the vendor keeps an unconfirmed event", (source) => inSeconds(source.retentionMs)],
  ["backlog", "The vendor's own count of waiting events", (source) => source.backlog],
  ["last_pull_age_seconds", "Time since the vendor last answered a pull", (source) => ageSeconds(source.lastPullAt)],
  ["failing", "1 while pulls of this source fail", (source) => (source.trouble ? 1 : 0)],
];

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function ageSeconds(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Math.max(0, (Date.now() - Date.parse(at)) / 1000);
}
