import { expect, test } from "vitest";
import { setupRedis } from "../../support/redis.ts";
import { check } from "./check.ts";
import { play } from "./play.ts";
import { SEEDS } from "./seeds.ts";
import { storeOnRedis } from "./store-redis.ts";

/** Far fewer schedules than in memory, since each call is a real one. */
const RUNS = Math.ceil(Number(process.env["MODEL_RUNS"] ?? 150) / 10);

test.for(SEEDS)("recorded schedule on Redis: $name", async ({ schedule, runs }) => {
  const store = storeOnRedis(setupRedis());
  const { sums } = await play(schedule, store.open);
  expect(sums.of("runs")).toBe(runs);
  await store.close();
});

test("on Redis too one run pays for one confirmation", { timeout: 3_600_000 }, async () => {
  const store = storeOnRedis(setupRedis());
  await check({ name: "on Redis", openStore: store.open, ground: "firm", runs: RUNS });
  await check({ name: "on Redis, losing its data", openStore: store.open, ground: "shaken", runs: RUNS });
  await store.close();
});
