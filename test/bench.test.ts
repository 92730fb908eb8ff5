import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { tempFolder } from "./support/temp-folder.ts";

const PROJECT = join(import.meta.dirname, "..");
const TINY = ["--events", "200", "--runs", "1", "--only", "throughput"];

test("the bench compares the worker with a plain loop and with BullMQ alone, and leaves nothing behind", async () => {
  const { bench, folder } = await setup();

  const { code, output } = await bench(TINY).ended;

  expect(output).toContain("npm run bench -- --events 200 --runs 1 --only throughput");
  expect(output).toMatch(/throughput of a backlog +worker +plain loop +BullMQ alone/);
  expect(output).toMatch(/worker's events\/s : its +\d+\.\d\d +\d+\.\d\d\n/);
  expect(output).toMatch(/handler runs per event +1\.000 +1\.000\n/);
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual([]);
  await nothingRunsIn(folder);
});

test("Ctrl-C ends the bench and everything it started", async () => {
  const { bench, folder } = await setup();
  const { pid, ended } = bench(TINY);
  await vi.waitFor(() => expect(processesIn(folder).length).toBeGreaterThan(4), { timeout: 20_000 });

  process.kill(-pid, "SIGINT");
  const { code, output } = await ended;

  expect(output).toMatch(/\nstopped by SIGINT\n$/);
  expect(code).toBe(130);
  expect(await readdir(folder)).toEqual([]);
  await nothingRunsIn(folder);
});

test("what the bench started ends also when the bench is killed", async () => {
  const { bench, folder } = await setup();
  const { pid, ended } = bench(TINY);
  await vi.waitFor(() => expect(processesIn(folder).length).toBeGreaterThan(4), { timeout: 20_000 });

  process.kill(pid, "SIGKILL");
  await ended;

  await nothingRunsIn(folder);
});

test("a wrong option of the bench is named, with what it takes", async () => {
  const { bench } = await setup();

  const { code, output } = await bench(["--only", "speed"]).ended;

  expect(output).toBe("--only: must be of throughput, latency, memory\n");
  expect(code).toBe(2);
});

/** The folder is the bench's temporary one: whatever belongs to it has it in its environment or works in it. */
async function setup() {
  const folder = await tempFolder();

  function bench(args: readonly string[]) {
    const child = spawn(join(PROJECT, "bin/node"), [join(PROJECT, "bench/run.ts"), ...args], {
      cwd: PROJECT,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], TMPDIR: folder },
      detached: true,
    });
    const { pid } = child;
    if (pid === undefined) throw new Error("the bench was not started");
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
      child.once("close", (code) => resolve({ code, output }));
    });
    onTestFinished(async () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, "SIGKILL");
      await ended;
    });
    return { pid, ended };
  }

  return { folder, bench };
}

/** A server's watcher looks only every 100 ms whether there is still something to watch. */
async function nothingRunsIn(folder: string): Promise<void> {
  await vi.waitFor(() => expect(processesIn(folder)).toEqual([]), { timeout: 10_000 });
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
