import { readdir } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { againstEarlier } from "../bench/against.ts";
import type { Figures } from "../bench/kit/row.ts";
import { setupCommand } from "./support/bench-command.ts";

const BENCH = "bench/run.ts";
const TINY = ["--events", "200", "--runs", "1", "--only", "throughput"];

test("the bench compares the worker with a plain loop and with BullMQ alone, and leaves nothing behind", async () => {
  const { start, folder, nothingRuns } = await setupCommand(BENCH);

  const { code, output } = await start(TINY).ended;

  expect(output).toContain("npm run bench -- --events 200 --runs 1 --only throughput");
  expect(output).toMatch(
    /throughput of a backlog +worker +plain loop +BullMQ alone +sum of its parts +BullMQ beside the loop/,
  );
  expect(output).toMatch(/worker's events\/s : its +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d\n/);
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

test("what got worse beyond its noise is told, and nothing else", () => {
  const before: Figures = {
    rate: { better: "higher", values: [100, 110, 120] },
    cost: { better: "lower", values: [1, 1.1] },
    once: { better: "lower", values: [10] },
    gone: { better: "lower", values: [1] },
  };
  const now: Figures = {
    rate: { better: "higher", values: [80, 90, 95] },
    cost: { better: "lower", values: [1.05, 1.3] },
    once: { better: "lower", values: [11] },
  };

  expect(againstEarlier(now, before)).toEqual([
    "worse: rate: 110 (100 to 120) -> 90 (80 to 95)",
    "3 figures compared: 1 got worse beyond their noise",
  ]);
  expect(againstEarlier(before, now)).toEqual(["3 figures compared: nothing got worse beyond its noise"]);
});

test("a wrong option of the bench is named, with what it takes", async () => {
  const { start } = await setupCommand(BENCH);

  const { code, output } = await start(["--only", "speed"]).ended;

  expect(output).toBe("--only: must be of throughput, latency, calls, odd, start, backlog, memory\n");
  expect(code).toBe(2);
});
