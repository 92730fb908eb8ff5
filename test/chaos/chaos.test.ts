import { expect, test } from "vitest";
import { runChaos } from "./chaos.ts";
import { reportOf, violationsOf } from "./report.ts";

const OPTIONS = { events: 20_000, minutes: 1, seed: 1, workers: 3 };

test("a minute in which everything goes wrong loses no event and confirms none early", async ({ signal }) => {
  const told: string[] = [];

  const verdict = await runChaos(OPTIONS, (line) => told.push(line), signal);

  console.log(reportOf(verdict));
  expect(violationsOf(verdict), told.join("\n")).toEqual([]);
  expect(verdict.published).toBe(OPTIONS.events);
  // It means something only if there was some trouble.
  expect([...verdict.incidents.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(10);
}, 400_000);
