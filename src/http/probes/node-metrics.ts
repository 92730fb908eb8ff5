/** The metrics of Node itself: event loop, handles, heap and the collection of garbage. */
import { constants, monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics } from "node:v8";
import { type Family, gauge } from "./exposition.ts";
import { addTo, createSpread, samplesOf, type Spread } from "./histogram.ts";

export function createNodeMetrics(): () => readonly Family[] {
  const [delays, collections] = [measureDelays(), measureCollections()];
  return () => [...delays(), ...active(), ...heap(), version(), collections()];
}

/** Of the time since the last call. */
function measureDelays(): () => readonly Family[] {
  const delays = monitorEventLoopDelay({ resolution: 10 });
  delays.enable();
  let lastLag = 0;
  return () => {
    const asked = performance.now();
    setImmediate(() => (lastLag = (performance.now() - asked) / 1_000));
    const seconds = (nanos: number): number | undefined => (delays.count === 0 ? undefined : nanos / 1e9);
    const families = [
      gauge("nodejs_eventloop_lag_seconds", "Lag of event loop in seconds.", lastLag),
      lag("min", "The minimum recorded event loop delay.", seconds(delays.min)),
      lag("max", "The maximum recorded event loop delay.", seconds(delays.max)),
      lag("mean", "The mean of the recorded event loop delays.", seconds(delays.mean)),
      lag("stddev", "The standard deviation of the recorded event loop delays.", seconds(delays.stddev)),
      ...[50, 90, 99].map((share) =>
        lag(
          `p${share}`,
          `The ${share}th percentile of the recorded event loop delays.`,
          seconds(delays.percentile(share)),
        ),
      ),
    ];
    delays.reset();
    return families;
  };
}

function lag(name: string, help: string, value: number | undefined): Family {
  return gauge(`nodejs_eventloop_lag_${name}_seconds`, help, value);
}

function active(): readonly Family[] {
  const resources = process.getActiveResourcesInfo();
  const [handles, requests] = [listedBy("_getActiveHandles"), listedBy("_getActiveRequests")];
  const grouped = "grouped by";
  return [
    byType(
      "resources",
      `Number of active resources that are currently keeping the event loop alive, ${grouped} async resource type.`,
      resources,
    ),
    gauge("nodejs_active_resources_total", "Total number of active resources.", resources.length),
    byType("handles", `Number of active libuv handles ${grouped} handle type. ${CLASS_NAMES}`, handles),
    gauge("nodejs_active_handles_total", "Total number of active handles.", handles.length),
    byType("requests", `Number of active libuv requests ${grouped} request type. ${CLASS_NAMES}`, requests),
    gauge("nodejs_active_requests_total", "Total number of active requests.", requests.length),
  ];
}

const CLASS_NAMES = "Every type is a C++ class name.";

/** The names of the classes. Node has no public function for these lists. */
function listedBy(name: "_getActiveHandles" | "_getActiveRequests"): readonly string[] {
  const list: unknown = Reflect.get(process, name);
  const found: unknown = typeof list === "function" ? Reflect.apply(list, process, []) : [];
  return Array.isArray(found) ? found.map((one: object) => one.constructor.name) : [];
}

function byType(name: string, help: string, types: readonly string[]): Family {
  const counts = Map.groupBy(types, (type) => type);
  const samples = [...counts].map(([type, all]) => ({ labels: `type="${type}"`, value: all.length }));
  return { name: `nodejs_active_${name}`, help, kind: "gauge", samples };
}

function heap(): readonly Family[] {
  const { heapTotal, heapUsed, external } = process.memoryUsage();
  const spaces = getHeapSpaceStatistics();
  const ofSpaces = (what: string, field: "space_size" | "space_used_size" | "space_available_size"): Family => ({
    name: `nodejs_heap_space_size_${what}_bytes`,
    help: `Process heap space size ${what} from Node.js in bytes.`,
    kind: "gauge",
    samples: spaces.map((space) => ({
      labels: `space="${space.space_name.replace(/_space$/, "")}"`,
      value: space[field],
    })),
  });
  return [
    gauge("nodejs_heap_size_total_bytes", "Process heap size from Node.js in bytes.", heapTotal),
    gauge("nodejs_heap_size_used_bytes", "Process heap size used from Node.js in bytes.", heapUsed),
    gauge("nodejs_external_memory_bytes", "Node.js external memory size in bytes.", external),
    ofSpaces("total", "space_size"),
    ofSpaces("used", "space_used_size"),
    ofSpaces("available", "space_available_size"),
  ];
}

function version(): Family {
  const [major, minor, patch] = process.versions.node.split(".");
  const labels = `version="${process.version}",major="${major}",minor="${minor}",patch="${patch}"`;
  return { name: "nodejs_version_info", help: "Node.js version info.", kind: "gauge", samples: [{ labels, value: 1 }] };
}

const COLLECTION_SECONDS = [0.001, 0.01, 0.1, 1, 2, 5];
const KINDS = new Map<unknown, string>([
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"],
]);

function measureCollections(): () => Family {
  const spreads = new Map<string, Spread>();
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const kind = KINDS.get(kindOf(entry)) ?? "unknown";
      const spread = spreads.get(kind) ?? createSpread(COLLECTION_SECONDS);
      spreads.set(kind, spread);
      addTo(spread, COLLECTION_SECONDS, entry.duration / 1_000);
    }
  }).observe({ entryTypes: ["gc"] });
  return () => ({
    name: "nodejs_gc_duration_seconds",
    help: "Garbage collection duration by kind, one of major, minor, incremental or weakcb.",
    kind: "histogram",
    samples: [...spreads].flatMap(([kind, spread]) => samplesOf(`kind="${kind}"`, spread, COLLECTION_SECONDS)),
  });
}

/** The types of Node leave the detail out. */
function kindOf(entry: object): unknown {
  const detail = "detail" in entry ? entry.detail : undefined;
  return typeof detail === "object" && detail !== null && "kind" in detail ? detail.kind : undefined;
}
