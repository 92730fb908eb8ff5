import { expect, test } from "vitest";
import { check, type Checked } from "./check.ts";
import { play } from "./play.ts";
import { SEEDS } from "./seeds.ts";
import { storeInMemory } from "./store-memory.ts";

/** For more schedules set `MODEL_RUNS`, and another `MODEL_SEED`. */
const RUNS = Number(process.env["MODEL_RUNS"] ?? 150);
const openStore = storeInMemory;

test.for(SEEDS)("recorded schedule: $name", async ({ schedule, runs }) => {
  const { sums } = await play(schedule, openStore);
  expect(sums.of("runs")).toBe(runs);
});

test(
  "one run pays for one confirmation, whatever crashes, is lost, stops or comes late",
  { timeout: 3_600_000 },
  async () => {
    const checked = await check({ name: "in memory", openStore, ground: "firm", runs: RUNS });
    expectTrouble(checked, ["restart", "locks lost"]);
    expect(checked.again.total, "second runs").toBeLessThan(checked.sums.of("events") / 50);
  },
);

test("an emptied store and a jumping clock cost second runs, but never an event", { timeout: 3_600_000 }, async () => {
  const checked = await check({ name: "in memory, losing its data", openStore, ground: "shaken", runs: RUNS });
  expectTrouble(checked, ["empty", "jump"]);
});

/** A run with hardly any trouble proves nothing. */
function expectTrouble({ sums, again, met }: Checked, also: readonly string[]): void {
  const common = [
    "crash",
    "stop",
    "outage",
    "limit",
    "retry",
    "remove",
    "discard",
    "end",
    "mark crash after",
    "confirm unheard",
    "isolated",
    "a step's result came back",
    "sink fails",
  ];
  for (const name of [...common, ...also]) expect(met.of(name), name).toBeGreaterThan(RUNS / 40);
  expect(sums.of("confirmations that nobody heard of in time")).toBeGreaterThan(RUNS / 10);
  expect(again.of("died")).toBeGreaterThan(RUNS / 50);
}
