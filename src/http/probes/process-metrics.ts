/**
 * The metrics of the process and of Node. Names and meanings are those of prom-client, which dashboards for Node know.
 * They are written here, because loading that library blocks the event loop for a tenth of a second.
 */
import { readdirSync, readFileSync } from "node:fs";
import { type Family, gauge } from "./exposition.ts";
import { createNodeMetrics } from "./node-metrics.ts";

/** The event loop's delay and the collection of garbage are measured from now on. */
export function createProcessMetrics(): () => readonly Family[] {
  const ofNode = createNodeMetrics();
  const startedAt = Math.round(Date.now() / 1_000 - process.uptime());
  return () => [
    ...cpu(),
    gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.", startedAt),
    ...memory(),
    ...files(),
    ...ofNode(),
  ];
}

function cpu(): readonly Family[] {
  const { user, system } = process.cpuUsage();
  return [
    cpuSeconds("user_seconds", "user", user),
    cpuSeconds("system_seconds", "system", system),
    cpuSeconds("seconds", "user and system", user + system),
  ];
}

function cpuSeconds(name: string, what: string, micros: number): Family {
  const help = `Total ${what} CPU time spent in seconds.`;
  return { name: `process_cpu_${name}_total`, help, kind: "counter", samples: [{ labels: "", value: micros / 1e6 }] };
}

function memory(): readonly Family[] {
  const resident = "process_resident_memory_bytes";
  const help = "Resident memory size in bytes.";
  const status = readProc("status");
  if (status === undefined) return [gauge(resident, help, process.memoryUsage.rss())];
  const bytes = (field: string): number | undefined => {
    const [, kilobytes] = new RegExp(String.raw`^${field}:\s*(\d+) kB$`, "m").exec(status) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  };
  return [
    gauge(resident, help, bytes("VmRSS")),
    gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", bytes("VmSize")),
    gauge("process_heap_bytes", "Process heap size in bytes.", bytes("VmData")),
  ];
}

function files(): readonly Family[] {
  const [, most] = /^Max open files +(\d+)/m.exec(readProc("limits") ?? "") ?? [];
  return [
    gauge("process_open_fds", "Number of open file descriptors.", openFiles()),
    gauge("process_max_fds", "Maximum number of open file descriptors.", most === undefined ? undefined : Number(most)),
  ];
}

/** Without the one that reads the folder. */
function openFiles(): number | undefined {
  try {
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return undefined;
  }
}

/** Only Linux has it. The kernel answers from memory. */
function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/self/${name}`, "utf8");
  } catch {
    return undefined;
  }
}
