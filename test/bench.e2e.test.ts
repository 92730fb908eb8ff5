import { readdir } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { setupCommand } from "./support/bench-command.ts";

const BENCH = "bench/run.ts";
const TINY = ["--events", "200", "--runs", "1", "--only", "throughput"];

test("the bench compares the worker with a plain loop and with BullMQ alone, and leaves nothing behind", async () => {
  const { start, folder, nothingRuns } = await setupCommand(BENCH);

  const { code, output } = await start(TINY).ended;

  expect(output).toContain("npm run bench -- --events 200 --runs 1 --only throughput");
  expect(output).toMatch(/throughput of a backlog +worker +plain loop +BullMQ alone/);
  expect(output).toMatch(/worker's events\/s : its +\d+\.\d\d +\d+\.\d\d\n/);
  expect(output).toMatch(/handler runs per event +1\.000 +1\.000\n/);
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual([]);
  await nothingRuns();
});

test("Ctrl-C ends the bench and everything it started", async () => {
  const { start, folder, processes, nothingRuns } = await setupCommand(BENCH);
  const { pid, ended } = start(TINY);
  await vi.waitFor(() => expect(processes().length).toBeGreaterThan(4), { timeout: 20_000 });

  process.kill(-pid, "SIGINT");
  const { code, output } = await ended;

  expect(output).toMatch(/\nstopped by SIGINT\n$/);
  expect(code).toBe(130);
  expect(await readdir(folder)).toEqual([]);
  await nothingRuns();
});

test("what the bench started ends also when the bench is killed", async () => {
  const { start, processes, nothingRuns } = await setupCommand(BENCH);
  const { pid, ended } = start(TINY);
  await vi.waitFor(() => expect(processes().length).toBeGreaterThan(4), { timeout: 20_000 });

  process.kill(pid, "SIGKILL");
  await ended;

  await nothingRuns();
});

test("a wrong option of the bench is named, with what it takes", async () => {
  const { start } = await setupCommand(BENCH);

  const { code, output } = await start(["--only", "speed"]).ended;

  expect(output).toBe("--only: must be of throughput, backlog, latency, memory\n");
  expect(code).toBe(2);
});
