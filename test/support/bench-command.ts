/** Runs a bench command in its own process group, and tells whether any of its processes is left. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { PROJECT, surroundings } from "./process.ts";
import { tempFolder } from "./temp-folder.ts";

type Running = {
  readonly pid: number;
  /** The output so far. */
  readonly output: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
};

/** The command gets its own temporary folder. All its processes name the folder in their environment or work in it. */
export async function setupCommand(script: string) {
  const folder = await tempFolder();
  return {
    folder,
    start: (args: readonly string[]) => start(script, args, folder),
    processes: () => processesIn(folder),
    /** This has to wait: a server's watcher checks only every 100 ms whether its server still runs. */
    nothingRuns: () => vi.waitFor(() => expect(processesIn(folder)).toEqual([])),
  };
}

function start(script: string, args: readonly string[], folder: string): Running {
  const child = spawn(join(PROJECT, "bin/node"), [join(PROJECT, script), ...args], {
    cwd: PROJECT,
    env: { ...surroundings(), TMPDIR: folder },
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} was not started`);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, output }));
  });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, "SIGKILL");
    await ended;
  });
  return { pid, output: () => output, ended };
}

function processesIn(folder: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return false;
      const place = join("/proc", pid);
      return (
        readFileSync(join(place, "environ"), "utf8").includes(folder) ||
        readlinkSync(join(place, "cwd")).startsWith(folder)
      );
    } catch {
      return false; // the process has ended, or belongs to another user
    }
  });
}
