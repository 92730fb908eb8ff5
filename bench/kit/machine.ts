import { mkdtemp, open, rm } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { quantilesOf } from "./numbers.ts";
import { inNewWorld } from "./world.ts";

const WRITES = 100;

/**
 * Describes the machine that the numbers depend on. The load matters, and so does the disk: every acknowledged write
 * waits for it.
 */
export async function describeMachine(signal: AbortSignal): Promise<string> {
  const load = loadavg()[0]?.toFixed(1) ?? "?";
  const redis = await inNewWorld(async ({ redis: client }) => versionIn(await client.info("server")), signal);
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"}), load ${load} before the start`,
    `Node ${process.versions.node}`,
    `Redis ${redis}, append-only always`,
    `a write to disk ${(await syncMs()).toFixed(2)} ms`,
  ].join("; ");
}

function versionIn(info: string): string {
  return /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? "of unknown version";
}

/** Median time of a small synced write where the bench's Redis keeps its data. */
async function syncMs(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "reliable-callback-bench-"));
  try {
    const file = await open(join(folder, "probe"), "w");
    const times: number[] = [];
    for (let index = 0; index < WRITES; index += 1) {
      const started = performance.now();
      await file.write("x".repeat(1_000));
      await file.datasync();
      times.push(performance.now() - started);
    }
    await file.close();
    return z.number().parse(quantilesOf(times).p50);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
