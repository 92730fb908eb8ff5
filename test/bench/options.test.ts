import { expect, test } from "vitest";
import { readOptions } from "../../bench/options.ts";

const ROWS = ["throughput", "large"];

test("the bench holds as many unconfirmed events as asked for, and gives a measurement the time that they need", () => {
  const usual = readOptions([], ROWS);
  const quick = readOptions(["--quick"], ROWS);
  const million = readOptions(["--events", "1000", "--owed", "1000000"], ROWS);

  expect(usual).toMatchObject({ owed: 100_000, parked: 100_000, held: 500, heldS: 60 });
  expect(quick).toMatchObject({ owed: 1_000, parked: 1_000, held: 20, heldS: 5 });
  expect(million).toMatchObject({ owed: 1_000_000, events: 1_000 });
  expect(million?.patienceMs).toBeGreaterThan(1_000_000 * 10);
  expect(() => readOptions(["--owed", "1000001"], ROWS)).toThrow("--owed: must be a whole number from 1 to 1000000");
});
