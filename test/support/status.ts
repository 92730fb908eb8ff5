import { healthOf } from "../../src/core/health.ts";
import type { SourceStatus, Status } from "../../src/http/probes/status-contract.ts";

const DAY_MS = 86_400_000;

/** The status of a healthy worker. Tests change the fields that they check. */
export function statusOf(changes: Partial<Status> = {}): Status {
  return {
    ...healthOf(changes.problems ?? []),
    name: "worker-1",
    version: "0.1.0",
    startedAt: new Date(Date.now() - DAY_MS).toISOString(),
    roles: ["pull", "work", "http"],
    redis: { reachable: true },
    queue: { waiting: 3, running: 2, delayed: 1, parked: 4, completed: 50, paused: false, maxWaiting: 10_000 },
    limits: [{ handler: "tencent-vod NewFileUpload", held: 0, placed: 0, maxHeld: 10_000 }],
    callbacks: { waiting: 0, waitingBytes: 0, maxWaiting: 20_000, maxWaitingBytes: 134_217_728 },
    sources: [sourceOf()],
    ...changes,
  };
}

export function sourceOf(changes: Partial<SourceStatus> = {}): SourceStatus {
  return {
    name: "tencent-vod/1500000001",
    vendor: "tencent-vod",
    lastPullAt: new Date(Date.now() - 2_000).toISOString(),
    findings: [],
    unconfirmed: 7,
    handled: 1,
    forgotten: 0,
    oldestUnconfirmedMs: 90_000,
    retentionMs: 4 * DAY_MS,
    ...changes,
  };
}
