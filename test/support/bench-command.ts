/** A command of the bench in a process group of its own, and whether anything of it is left. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { PROJECT, surroundings } from "./process.ts";
import { tempFolder } from "./temp-folder.ts";

type Running = {
  readonly pid: number;
  /** What it has said so far. */
  readonly output: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
};

/** The folder is the command's temporary one: whatever belongs to it has it in its environment or works in it. */
export async function setupCommand(script: string) {
  const folder = await tempFolder();
  return {
    folder,
    start: (args: readonly string[]) => start(script, args, folder),
    processes: () => processesIn(folder),
    /** A server's watcher looks only every 100 ms whether there is still something to watch. */
    nothingRuns: () => vi.waitFor(() => expect(processesIn(folder)).toEqual([]), { timeout: 10_000 }),
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
      return false; // ended meanwhile, or not ours to look at
    }
  });
}
