import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { checkRedisState } from "../../src/queue/redis-state.ts";
import { startClusterNode } from "../support/cluster-node.ts";
import { keysUnder, setupRedis, startOwnRedis, usedMemory } from "../support/redis.ts";

const keys = createKeys("state");

async function setup() {
  const server = await startOwnRedis();
  const redis = new Redis(server.url);
  onTestFinished(() => redis.disconnect());
  return { server, redis, check: () => checkRedisState(redis, keys) };
}

const MB = 1024 * 1024;
const written = { level: "ok", fact: "Redis keeps what it is given: a key was written and read back" };

test("a Redis that stores writes is reported as fine, and the check leaves no key", async () => {
  const { redis, prefix, keys: own } = setupRedis();

  expect(await checkRedisState(redis, own)).toEqual([written]);

  expect(await keysUnder(redis, prefix)).toEqual([]);
});

test("a full Redis is an error with its memory use, and an almost full one is a warning", async () => {
  const { redis, check } = await setup();
  const used = await usedMemory(redis);

  await redis.config("SET", "maxmemory", String(Math.round(used * 1.1)));
  expect(await check()).toEqual([
    {
      level: "warn",
      fact: expect.stringMatching(/^Redis is almost full: [\d.]+ MiB of [\d.]+ MiB/),
      fix: expect.any(String),
    },
    written,
  ]);
  await redis.config("SET", "maxmemory", String(MB / 4));
  expect(await check()).toEqual([
    {
      level: "error",
      code: "redis-full",
      fact: expect.stringMatching(/^Redis is full \(maxmemory\): .*; [\d.]+ MiB of 0\.3 MiB are used$/),
      fix: expect.stringContaining("raise maxmemory"),
    },
  ]);
});

test("a replica is an error, with its primary", async () => {
  const { redis, check } = await setup();

  await redis.replicaof("127.0.0.1", 4711);

  expect(await check()).toMatchObject([
    { level: "error", code: "redis-read-only", fact: expect.stringMatching(/replica.*primary is 127\.0\.0\.1:4711$/) },
  ]);
});

test("a Redis that cannot write to its disk is an error that names the failed write", async () => {
  const { redis, server, check } = await setup();
  await redis.config("SET", "save", "3600 1");
  onTestFinished(async () => void (await redis.config("SET", "save", ""))); // otherwise only a kill would end Redis
  await mkdir(join(server.folder, "dump.rdb")); // a folder with this name makes the save fail
  await redis.set("key", "value");
  await redis.bgsave();
  await expect.poll(() => redis.info("persistence")).toContain("rdb_last_bgsave_status:err");

  expect(await check()).toMatchObject([
    { level: "warn", fact: "Redis failed to write to its disk (rdb_last_bgsave_status)" },
    { level: "error", code: "redis-cannot-save", fix: expect.stringContaining("the free space on its disk") },
  ]);
});

test("a cluster that serves no slot is an error, and so is a node that has others than ours", async () => {
  const [owner, other] = [await startClusterNode(), await startClusterNode()];

  expect(await checkRedisState(owner.redis, keys)).toMatchObject([
    { level: "error", code: "redis-cluster-down", fact: expect.stringMatching(/0 of 16384 slots are served$/) },
  ]);
  await owner.redis.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
  await other.redis.call("CLUSTER", "MEET", "127.0.0.1", String(owner.port), String(owner.busPort));
  for (const { redis } of [owner, other]) await expect.poll(() => redis.cluster("INFO")).toContain("cluster_state:ok");

  expect(await checkRedisState(owner.redis, keys)).toEqual([written]);
  expect(await checkRedisState(other.redis, keys)).toMatchObject([{ level: "error", code: "redis-wrong-node" }]);
});
