import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { redisTroubleOf } from "../../src/core/redis-trouble.ts";
import { startOwnRedis } from "../support/redis.ts";

async function setup() {
  const server = await startOwnRedis();
  const client = (url = server.url) => {
    const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on("error", () => {});
    onTestFinished(() => redis.disconnect());
    return redis;
  };
  return { server, redis: client(), client };
}

async function codeOf(asking: Promise<unknown>) {
  return redisTroubleOf(
    await asking.then(
      () => "it was answered",
      (err: unknown) => err,
    ),
  )?.code;
}

test("Redis trouble is recognised: full, for a command, in a script and in a transaction", async () => {
  const { redis } = await setup();
  await redis.config("SET", "maxmemory", "1");
  expect(await codeOf(redis.set("key", "value"))).toBe("redis-full");
  expect(await codeOf(redis.eval("return redis.call('set', KEYS[1], 'value')", 1, "key"))).toBe("redis-full");
  expect(await codeOf(redis.multi().set("key", "value").exec())).toBe("redis-full");
});

test("Redis trouble is recognised: unable to write to its disk", async () => {
  const { redis, server } = await setup();
  await redis.config("SET", "save", "3600 1");
  await mkdir(join(server.folder, "dump.rdb")); // a folder with this name makes the save fail
  await redis.set("key", "value");
  await redis.bgsave();
  onTestFinished(async () => void (await redis.config("SET", "save", ""))); // otherwise only a kill would end Redis
  await expect.poll(() => redis.info("persistence")).toContain("rdb_last_bgsave_status:err");
  expect(await codeOf(redis.set("key", "value"))).toBe("redis-cannot-save");
});

test("Redis trouble is recognised: a replica, and a replica without its primary", async () => {
  const { redis } = await setup();
  await redis.replicaof("127.0.0.1", await freePort());
  expect(await codeOf(redis.set("key", "value"))).toBe("redis-read-only");
  await redis.config("SET", "replica-serve-stale-data", "no");
  expect(await codeOf(redis.get("key"))).toBe("redis-read-only");
});

test("Redis trouble is recognised: without the replicas that it must have", async () => {
  const { redis } = await setup();
  await redis.config("SET", "min-replicas-to-write", 1);
  expect(await codeOf(redis.set("key", "value"))).toBe("redis-lacks-replicas");
});

test("Redis trouble is recognised: a wrong password, none, and a user without permission", async () => {
  const { redis, server, client } = await setup();
  const url = new URL(server.url);
  await redis.acl("SETUSER", "reader", "on", ">secret", "~*", "+@read", "+info");
  const as = (username: string, password: string) => client(Object.assign(new URL(url), { username, password }).href);
  expect(await codeOf(as("", "wrong").get("key"))).toBe("redis-no-access");
  expect(await codeOf(as("", "").get("key"))).toBe("redis-no-access");
  expect(await codeOf(as("reader", "secret").set("key", "value"))).toBe("redis-no-access");
});

test("Redis trouble is recognised: busy with a script", async () => {
  const { redis, client } = await setup();
  await redis.config("SET", "lua-time-limit", 1);
  const other = client();
  await other.connect();
  const endless = codeOf(other.eval("while true do end", 0));
  await expect.poll(() => codeOf(redis.get("key"))).toBe("redis-busy");
  await redis.script("KILL");
  expect(await endless).toBe("redis-error");
});

test("Redis trouble is recognised: a connection that broke, and an address where nothing listens", async () => {
  const { redis, server } = await setup();
  const waiting = codeOf(redis.blpop("list", 0));
  await expect.poll(() => redis.status).toBe("ready");
  await server.kill9();
  expect(await waiting).toBe("redis-away");
  expect(await codeOf(redis.get("key"))).toBe("redis-away");
  const said = new Promise((resolve) => redis.once("error", resolve));
  await expect(redis.connect()).rejects.toThrow();
  expect(redisTroubleOf(await said)?.code).toBe("redis-away");
});
