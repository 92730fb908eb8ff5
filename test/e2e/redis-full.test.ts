import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { startOwnRedis, usedMemory } from "../support/redis.ts";
import { until } from "../support/until.ts";
import { setupWorld } from "../support/worker-process.ts";

const EVENTS = 2_000;
const MEMORY = 5 * 1024 * 1024;

test("with a nearly full Redis the worker takes in nothing new, finishes what it has, and resumes by itself", async () => {
  const { url, prefix } = await startOwnRedis();
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  await redis.config("SET", "maxmemory", String(MEMORY));
  const { simulator, start, allConfirmed, publish, runs } = await setupWorld({
    redis: { url, prefix },
    // The worker accepts what it can handle within a window. This window is long enough for that to exceed the memory,
    // even on a slow machine.
    windowMs: 35_000,
  });
  const pad = "x".repeat(1_500);
  for (let n = 0; n < EVENTS; n++) publish(`${n} ${pad}`, { ms: 120 });

  const worker = await start({ CONCURRENCY: "16", TENCENT_VOD_MAX_QPS: "1000", CONFIRM_GRACE_MS: "12000" });
  const readiness = async (): Promise<string> => await (await fetch(`${worker.url}/readyz`)).text();
  await until("it says so", async () => (await readiness()).includes("Redis is nearly full"), { timeoutMs: 60_000 });
  expect(await usedMemory(redis)).toBeLessThan(MEMORY);
  await allConfirmed(150_000);
  await until("it is over", async () => !(await readiness()).includes("Redis is nearly full"), { timeoutMs: 30_000 });

  expect(simulator.history({ limit: EVENTS }).every(({ confirmations }) => confirmations === 1)).toBe(true);
  expect(runs().filter(({ phase }) => phase === "success")).toHaveLength(EVENTS);
  expect(runs().filter(({ phase }) => phase === "failure")).toEqual([]);
  expect(worker.text()).toContain("Redis has room again");
}, 300_000);
