import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { setupCommand } from "../support/bench-command.ts";
import { tempFolder } from "../support/temp-folder.ts";

const BENCH = "bench/run.ts";
const Written = z.object({
  rows: z.record(z.string(), z.unknown()),
  figures: z.record(z.string(), z.object({ values: z.array(z.number()) })),
});
const TINY = ["--events", "200", "--runs", "1", "--only", "throughput"];

test("the bench compares the worker with its parts and with an earlier run, keeps every number, and leaves nothing behind", async () => {
  const { start, folder, nothingRuns } = await setupCommand(BENCH);
  const files = await tempFolder();
  const [json, earlier] = [join(files, "bench.json"), join(files, "earlier.json")];
  const faster = { figures: { "events/s": { better: "higher", values: [1_000_000] } } };
  await writeFile(earlier, JSON.stringify(faster));

  const { code, output } = await start([...TINY, "--json", json, "--against", earlier]).ended;

  expect(output).toContain("npm run bench -- --events 200 --runs 1 --only throughput");
  expect(output).toMatch(
    /throughput of a backlog +worker +plain loop +BullMQ alone +sum of its parts +BullMQ beside the loop/,
  );
  expect(output).toMatch(/worker's events\/s : its +\d+\.\d\d +\d+\.\d\d +\d+\.\d\d\n/);
  expect(output).toMatch(/handler runs per event +1\.000 +1\.000\n/);
  expect(output).toMatch(/\nworse: events\/s: 1,000,000 -> \d[\d,]*\n1 figures compared: 1 got worse/);
  expect(code).toBe(0);
  const { rows, figures } = Written.parse(JSON.parse(await readFile(json, "utf8")));
  expect(Object.keys(rows)).toEqual(["throughput"]);
  expect(figures["events/s"]?.values).toHaveLength(1);
  expect(await readdir(folder)).toEqual([]);
  await nothingRuns();
});

test("Ctrl-C ends the bench and every process that it started", async () => {
  const { start, folder, processes, nothingRuns } = await setupCommand(BENCH);
  const { pid, ended } = start(TINY);
  await vi.waitFor(() => expect(processes().length).toBeGreaterThan(4));

  process.kill(-pid, "SIGINT");
  const { code, output } = await ended;

  expect(output).toMatch(/\nstopped by SIGINT\n$/);
  expect(code).toBe(130);
  expect(await readdir(folder)).toEqual([]);
  await nothingRuns();
});

test("the bench's processes end even if the bench itself is killed", async () => {
  const { start, processes, nothingRuns } = await setupCommand(BENCH);
  const { pid, ended } = start(TINY);
  await vi.waitFor(() => expect(processes().length).toBeGreaterThan(4));

  process.kill(pid, "SIGKILL");
  await ended;

  await nothingRuns();
});

test("a wrong option of the bench is an error that names it and lists the valid ones", async () => {
  const { start } = await setupCommand(BENCH);

  const { code, output } = await start(["--only", "speed"]).ended;

  expect(output).toBe(
    "--only: must be of throughput, latency, calls, odd, start, ceiling, growth, scale, large, backlog, memory, history, long-run, peers\n",
  );
  expect(code).toBe(2);
});
