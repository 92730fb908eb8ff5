import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { sleep } from "../../../src/core/sleep.ts";
import { createProcessMetrics } from "../../../src/http/probes/process-metrics.ts";

/** Those of prom-client 15. Dashboards for Node rely on them. */
const COUNTERS = ["process_cpu_seconds_total", "process_cpu_system_seconds_total", "process_cpu_user_seconds_total"];
const GAUGES = [
  "nodejs_active_handles",
  "nodejs_active_handles_total",
  "nodejs_active_requests",
  "nodejs_active_requests_total",
  "nodejs_active_resources",
  "nodejs_active_resources_total",
  "nodejs_eventloop_lag_max_seconds",
  "nodejs_eventloop_lag_mean_seconds",
  "nodejs_eventloop_lag_min_seconds",
  "nodejs_eventloop_lag_p50_seconds",
  "nodejs_eventloop_lag_p90_seconds",
  "nodejs_eventloop_lag_p99_seconds",
  "nodejs_eventloop_lag_seconds",
  "nodejs_eventloop_lag_stddev_seconds",
  "nodejs_external_memory_bytes",
  "nodejs_heap_size_total_bytes",
  "nodejs_heap_size_used_bytes",
  "nodejs_heap_space_size_available_bytes",
  "nodejs_heap_space_size_total_bytes",
  "nodejs_heap_space_size_used_bytes",
  "nodejs_version_info",
  "process_heap_bytes",
  "process_max_fds",
  "process_open_fds",
  "process_resident_memory_bytes",
  "process_start_time_seconds",
  "process_virtual_memory_bytes",
];

const ON_LINUX = new Set(["process_heap_bytes", "process_virtual_memory_bytes"]);

function setup() {
  const read = createProcessMetrics();
  const family = (name: string) => read().find((one) => one.name === name);
  const value = (name: string) => family(name)?.samples[0]?.value ?? Number.NaN;
  return { read, family, value };
}

test("the process and Node are told under the names that dashboards for Node know", () => {
  const found = setup().read();
  const names = (kind: string) => found.flatMap((one) => (one.kind === kind ? [one.name] : [])).toSorted();

  expect(names("counter")).toEqual(COUNTERS);
  expect(names("gauge")).toEqual(GAUGES.filter((name) => process.platform === "linux" || !ON_LINUX.has(name)));
  expect(names("histogram")).toEqual(["nodejs_gc_duration_seconds"]);
});

test("values are those of this process, in seconds and bytes", () => {
  const { value } = setup();

  const cpu = process.cpuUsage();
  expect(value("process_cpu_seconds_total")).toBeCloseTo((cpu.user + cpu.system) / 1e6, 0);
  expect(Math.abs(value("process_start_time_seconds") - (Date.now() / 1_000 - process.uptime()))).toBeLessThan(1.5);
  const rss = process.memoryUsage.rss();
  expect(value("process_resident_memory_bytes") / rss).toBeCloseTo(1, 0);
  expect(value("nodejs_heap_size_used_bytes")).toBeLessThan(rss);
});

test("a blocked event loop is told, and a delay that was not measured has no value", async () => {
  const { value, family } = setup();
  expect(family("nodejs_eventloop_lag_max_seconds")?.samples).toEqual([]);

  // A reading begins a new measurement, which counts from its second tick of 10 ms on.
  await vi.waitFor(async () => {
    await sleep(50);
    for (const end = performance.now() + 150; performance.now() < end;);
    await sleep(50);
    expect(value("nodejs_eventloop_lag_max_seconds")).toBeGreaterThan(0.1);
  });
});

test("each collection of garbage is counted by its kind", async () => {
  const { family } = setup();
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");

  if (typeof collect === "function") Reflect.apply(collect, undefined, []);

  const last = 'le="+Inf",kind="major"';
  const counted = () => family("nodejs_gc_duration_seconds")?.samples.find(({ labels }) => labels === last)?.value ?? 0;
  await vi.waitFor(() => expect(counted()).toBeGreaterThan(0));
});
