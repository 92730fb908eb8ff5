/**
 * Counters and durations of the flow, for Prometheus. They are plain numbers, because each event adds to ten of them
 * and a client library takes several times as long for each.
 */
import type { Meter } from "../../core/meter.ts";
import { COUNTERS, DURATIONS } from "../../core/metric-names.ts";
import { type Family, type Labels, labelsText } from "./exposition.ts";
import { addTo, createSpread, samplesOf, type Spread } from "./histogram.ts";

export type Tally = Meter & { readonly families: () => readonly Family[] };

/** Types come from outside, and each new label value adds a time series for ever. */
const MAX_TYPES = 200;

export function createTally(): Tally {
  const counters = Object.entries(COUNTERS).map(([name, { help, labels }]) => {
    const series = createSeries(labels, () => ({ total: 0 }));
    return [name, { help, series }] as const;
  });
  const durations = Object.entries(DURATIONS).map(([name, { help, labels, seconds: bounds }]) => {
    return [name, { help, bounds, series: createSeries(labels, () => createSpread(bounds)) }] as const;
  });
  const [counterOf, durationOf] = [new Map<string, Counter>(counters), new Map<string, Duration>(durations)];
  const bound = createTypeBound();

  return {
    count(name, labels, by = 1) {
      const counter = counterOf.get(name);
      if (counter) counter.series.of(bound(labels)).total += by;
    },
    observe(name, labels, ms) {
      const duration = durationOf.get(name);
      if (duration) addTo(duration.series.of(bound(labels)), duration.bounds, ms / 1000);
    },
    families: () => [
      ...counters.map(([name, { help, series }]): Family => {
        const samples = series.all().map(({ labels, value }) => ({ labels, value: value.total }));
        return { name: `${name}_total`, help, kind: "counter", samples };
      }),
      ...durations.map(([name, { help, bounds, series }]): Family => {
        const samples = series.all().flatMap(({ labels, value }) => samplesOf(labels, value, bounds));
        return { name: name.replace(/_ms$/, "_seconds"), help, kind: "histogram", samples };
      }),
    ],
  };
}

type Counter = { readonly series: Series<{ total: number }> };
type Duration = { readonly series: Series<Spread>; readonly bounds: readonly number[] };

type Series<T> = {
  readonly of: (labels: Labels) => T;
  readonly all: () => readonly { readonly labels: string; readonly value: T }[];
};

/** The values of one label, each with the values of the next one below it. No key has to be put together. */
type Branch<T> = { readonly branches: Map<string, Branch<T>>; value?: T };

/** One value for each set of labels. Labels that are not in `names` are left out. */
function createSeries<T>(names: readonly string[], fresh: () => T): Series<T> {
  const root = createBranch<T>();
  const known: { readonly labels: string; readonly value: T }[] = [];
  const of = (labels: Labels): T => {
    let at = root;
    for (const name of names) {
      const label = labels[name] ?? "";
      let next = at.branches.get(label);
      if (!next) at.branches.set(label, (next = createBranch<T>()));
      at = next;
    }
    if (at.value !== undefined) return at.value;
    at.value = fresh();
    known.push({ labels: labelsText(names, labels), value: at.value });
    return at.value;
  };
  // Without labels there is one value, and it exists from the start.
  if (names.length === 0) of({});
  return { of, all: () => known };
}

function createBranch<T>(): Branch<T> {
  return { branches: new Map() };
}

function createTypeBound() {
  const types = new Set<string>();
  return (labels: Labels): Labels => {
    const { type } = labels;
    if (type === undefined || types.has(type)) return labels;
    if (types.size >= MAX_TYPES) return { ...labels, type: "other" };
    types.add(type);
    return labels;
  };
}
