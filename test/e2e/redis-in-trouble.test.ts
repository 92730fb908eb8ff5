import { Redis } from "ioredis";
import { describe, expect, test } from "vitest";
import { atEnd } from "../support/at-end.ts";
import { becomesReady, isNotReadyFor, readiness } from "../support/probes.ts";
import { startOwnRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";

const LONG = { timeout: 120_000 };

async function setup() {
  const server = await startOwnRedis();
  const world = await setupWorld({ redis: server });
  const redis = new Redis(server.url);
  redis.on("error", () => {});
  atEnd(() => redis.disconnect());
  const worker = await world.start();
  await becomesReady(worker);
  return { ...world, redis, server, worker };
}

describe.concurrent("a Redis in trouble is told as Redis', by its name and with what to do", LONG, () => {
  test("a full one, until there is room", async () => {
    const { redis, worker, publish, allConfirmed } = await setup();

    await redis.config("SET", "maxmemory", "1");
    publish("waits");
    await isNotReadyFor(worker, /^Redis is nearly full \(.*; raise maxmemory, or make room/);

    const { problems } = await readiness(worker);
    expect(problems.filter((problem) => /Redis is (nearly )?full/.test(problem))).toHaveLength(1);
    expect(problems.filter((problem) => problem.startsWith("tencent-vod"))).toEqual([]);
    expect(await worker.line("Redis is nearly full")).toMatchObject({ level: 50, code: "redis-full" });
    expect(worker.text()).not.toContain("pull failed");

    await redis.config("SET", "maxmemory", "0");
    await allConfirmed();
    await becomesReady(worker);
  });

  test("one that became a replica, until it is the primary again", async () => {
    const { redis, worker, publish, allConfirmed } = await setup();

    await redis.replicaof("127.0.0.1", 1);
    await isNotReadyFor(worker, /^this Redis is a replica: it takes no writes; let REDIS_URL lead to the primary/);

    await redis.replicaof("NO", "ONE");
    await becomesReady(worker);
    publish("afterwards");
    await allConfirmed();
  });

  test("one whose password was changed under way", async () => {
    const { redis, worker } = await setup();

    await redis.config("SET", "requirepass", "another");
    await redis.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

    await isNotReadyFor(worker, /^Redis refuses our user or password, .*; correct REDIS_URL/);
  });
});
