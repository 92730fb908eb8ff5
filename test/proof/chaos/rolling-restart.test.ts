import { expect, test } from "vitest";
import { sleep } from "../../../src/core/sleep.ts";
import { setupRedis } from "../../support/redis.ts";
import { setupWorld } from "../../support/worker-process.ts";

const EVENTS = 2_000;
const PER_STEP = 25;
const STEP_MS = 50;
const REPLICAS = 3;
const ROUNDS = 2;
const GRACE_MS = 5_000;

test("three replicas are replaced twice during two thousand events: none runs twice, none fails, each exits with 0", async () => {
  const { keys, redis, ...keyspace } = setupRedis();
  const { simulator, start, publish, allConfirmed, runs } = await setupWorld({ redis: keyspace, windowMs: 30_000 });
  const env = { TENCENT_VOD_MAX_QPS: "1000", SHUTDOWN_GRACE_MS: String(GRACE_MS) };
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, () => start(env)));

  let restarts = 0;
  const stopsMs: number[] = [];
  await Promise.all([publishAll(), replaceAll()]);
  await allConfirmed(60_000);

  const all = runs();
  const count = (wanted: string): number => all.filter(({ phase }) => phase === wanted).length;
  expect({ starts: count("start"), successes: count("success"), failures: count("failure") }).toEqual({
    starts: EVENTS,
    successes: EVENTS,
    failures: 0,
  });
  expect(new Set(all.map(({ key }) => key)).size).toBe(EVENTS);
  expect(simulator.history({ limit: EVENTS }).every(({ confirmations }) => confirmations === 1)).toBe(true);
  expect(await redis.zcard(keys.keysOf("tencent-vod").queue("failed"))).toBe(0);
  expect(restarts).toBe(REPLICAS * ROUNDS);
  expect(Math.max(...stopsMs)).toBeLessThan(GRACE_MS);
  console.log(`${restarts} replicas replaced, each stopped within ${Math.ceil(Math.max(...stopsMs))} ms`);

  /** Some events are always being handled until the last replica is replaced. */
  async function publishAll(): Promise<void> {
    for (let n = 0; n < EVENTS;) {
      for (let k = 0; k < PER_STEP; k++) publish(`f${n}`, { ms: (n++ * 7) % 100 });
      const isEarly = n > EVENTS * 0.9 && restarts < REPLICAS * ROUNDS;
      await sleep(isEarly ? 4 * STEP_MS : STEP_MS);
    }
  }

  async function replaceAll(): Promise<void> {
    for (let n = 0; n < REPLICAS * ROUNDS; n++) {
      const old = replicas.shift();
      replicas.push(await start(env));
      const asked = performance.now();
      old?.send("SIGTERM");
      expect(await old?.exited).toEqual({ code: 0, signal: null });
      stopsMs.push(performance.now() - asked);
      restarts += 1;
    }
  }
}, 180_000);
