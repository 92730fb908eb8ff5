import { readdir } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { setupCommand } from "../../support/bench-command.ts";
import { runChaos } from "./chaos.ts";
import { reportOf, violationsOf } from "./report.ts";

const OPTIONS = { events: 2_000, minutes: 1, seed: 1, workers: 3 };

test("a minute in which everything goes wrong loses no event and confirms none early", async ({ signal }) => {
  const told: string[] = [];

  const verdict = await runChaos(OPTIONS, (line) => told.push(line), signal);

  console.log(reportOf(verdict));
  expect(violationsOf(verdict), told.join("\n")).toEqual([]);
  expect(verdict.published).toBe(OPTIONS.events);
  // A run with hardly any trouble proves nothing.
  expect([...verdict.incidents.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(10);
}, 400_000);

test("Ctrl-C ends the chaos and everything it started", async () => {
  const { start, nothingRuns, folder } = await setupCommand("test/proof/chaos/run.ts");
  const { pid, output: said, ended } = start(["--events", "100", "--minutes", "5"]);
  await vi.waitFor(() => expect(said()).toContain(" confirmed"), { timeout: 30_000 });

  process.kill(-pid, "SIGINT");
  const { code, output } = await ended;

  expect(output).toMatch(/\nstopped by SIGINT\n$/);
  expect(code).toBe(130);
  await nothingRuns();
  expect(await readdir(folder)).toEqual([]);
}, 60_000);

test("a wrong option of the chaos run is an error that names it and lists the valid ones", async () => {
  const { start } = await setupCommand("test/proof/chaos/run.ts");

  const { code, output } = await start(["--events", "many", "--workers", "99"]).ended;

  expect(output).toBe(
    "--events: must be a whole number from 1 to 1000000\n--workers: must be a whole number from 1 to 20\n",
  );
  expect(code).toBe(2);
});
