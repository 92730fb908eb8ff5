import { type GaugeName, GAUGES } from "../../core/metric-names.ts";
import { HEALTH_STATES, TERMS } from "../../core/health.ts";
import { type Family, type Labels, labelsText } from "./exposition.ts";
import type { SourceStatus, Status } from "./status-contract.ts";

type Sample = { readonly labels: Labels; readonly value: number };
type Samples = Readonly<Partial<Record<GaugeName, readonly Sample[] | undefined>>>;

/** A gauge whose value is unknown is left out, so that no old value is shown. */
export function gaugesOf(status: Status | undefined): readonly Family[] {
  const known: ReadonlyMap<string, readonly Sample[] | undefined> = new Map(Object.entries(samplesOf(status)));
  return Object.entries(GAUGES).flatMap(([name, { help, labels: names }]): readonly Family[] => {
    const samples = known.get(name)?.map(({ labels, value }) => ({ labels: labelsText(names, labels), value }));
    return samples ? [{ name, help, kind: "gauge", samples }] : [];
  });
}

function samplesOf(status: Status | undefined): Samples {
  if (!status) return { ready: one(0) };
  const { queue, callbacks, limits, sources } = status;
  return {
    ready: one(status.ready ? 1 : 0),
    state: HEALTH_STATES.map((state) => ({ labels: { state }, value: state === status.state ? 1 : 0 })),
    problem: problemSamples(status),
    redis_reachable: one(status.redis.reachable ? 1 : 0),
    build_info: [{ labels: { version: status.version }, value: 1 }],
    ...(queue && queueSamples(queue)),
    ...(callbacks && {
      callbacks_waiting: one(callbacks.waiting),
      callbacks_waiting_bytes: one(callbacks.waitingBytes),
      callbacks_max_waiting: one(callbacks.maxWaiting),
      callbacks_max_waiting_bytes: one(callbacks.maxWaitingBytes),
    }),
    ...(limits && {
      limit_held: limits.map(({ handler, held }) => ({ labels: { handler }, value: held })),
      limit_placed: limits.map(({ handler, placed }) => ({ labels: { handler }, value: placed })),
      limit_max_held: limits.map(({ handler, maxHeld }) => ({ labels: { handler }, value: maxHeld })),
    }),
    source_unconfirmed: each(sources, ({ unconfirmed }) => unconfirmed),
    source_handled: each(sources, ({ handled }) => handled),
    source_forgotten: each(sources, ({ forgotten }) => forgotten),
    source_oldest_unconfirmed_seconds: each(sources, ({ oldestUnconfirmedMs }) => inSeconds(oldestUnconfirmedMs)),
    source_retention_seconds: each(sources, ({ retentionMs }) => inSeconds(retentionMs)),
    source_backlog: each(sources, ({ backlog }) => backlog),
    source_last_pull_age_seconds: each(sources, ({ lastPullAt }) => ageSeconds(lastPullAt)),
    source_failing: each(sources, ({ trouble }) => (trouble ? 1 : 0)),
  };
}

/** Every code is always exported, so that alerts can see it change. */
function problemSamples({ problems }: Status): readonly Sample[] {
  const counting = new Set<string>(problems.map(({ code }) => code));
  return Object.keys(TERMS).map((code) => ({ labels: { code }, value: counting.has(code) ? 1 : 0 }));
}

function queueSamples({ maxWaiting, paused, ...states }: NonNullable<Status["queue"]>): Samples {
  return {
    queue_events: Object.entries(states).map(([state, value]) => ({ labels: { state }, value })),
    queue_paused: one(paused ? 1 : 0),
    queue_max_waiting: one(maxWaiting),
  };
}

function one(value: number): readonly Sample[] {
  return [{ labels: {}, value }];
}

function each(
  sources: readonly SourceStatus[],
  valueOf: (source: SourceStatus) => number | undefined,
): readonly Sample[] {
  return sources.flatMap((source) => {
    const value = valueOf(source);
    return value === undefined ? [] : [{ labels: { source: source.name }, value }];
  });
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

function ageSeconds(at: string | undefined): number | undefined {
  return at === undefined ? undefined : Math.max(0, (Date.now() - Date.parse(at)) / 1000);
}
