import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { tryLock } from "../../src/redis/file-lock.ts";
import { keysUnder, setupRedis, startOwnRedis } from "../support/redis.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { setupAccount } from "./run-command.ts";

test("without REDIS_URL doctor says where the private Redis comes from, and starts none", async () => {
  const { doctor, folder } = await setupAccount();

  const { code, out } = await doctor();

  expect(out).toMatch(/(ok|warning) +no REDIS_URL/);
  expect(out).toMatch(/ok +private Redis's data: \.data does not exist yet and can be made/);
  expect(code).toBe(0);
  expect(await readdir(folder)).toEqual(["handlers.mjs"]);
});

test("doctor names the process that uses the private Redis's folder", async () => {
  const { doctor, folder } = await setupAccount();
  await mkdir(join(folder, ".data"));
  await writeFile(join(folder, ".data/owner.pid"), "4711\n");
  const lock = tryLock(join(folder, ".data/lock"));
  onTestFinished(() => lock?.release());

  expect((await doctor()).out).toMatch(/ok +\.data is in use by a running worker, process 4711/);
  lock?.release();
  expect((await doctor()).out).not.toContain("in use");
});

test("doctor reports a Redis that evicts keys, and one that refuses the password", async () => {
  const { doctor } = await setupAccount();
  const redis = await startOwnRedis();
  const client = new Redis(redis.url);
  await client.config("SET", "maxmemory-policy", "allkeys-lru");
  client.disconnect();
  const wrongPassword = redis.url.replace(/:[^:@]+@/, ":not-it@");

  const [evicting, refused] = await Promise.all([
    doctor({ REDIS_URL: redis.url }),
    doctor({ REDIS_URL: wrongPassword }),
  ]);

  expect(evicting.out).toMatch(/problem +Redis may evict keys .*\n +fix: set maxmemory-policy noeviction/);
  expect(evicting.code).toBe(1);
  expect(refused.out).toMatch(/problem +REDIS_URL: .* refuses the user or password .*\n +fix: check both/);
  expect(refused.code).toBe(1);
});

test("doctor reports a Redis that is full and one that is a replica, each with its fix", async () => {
  const { doctor } = await setupAccount();
  const [full, replica] = [await startOwnRedis(), await startOwnRedis()];
  await tell(full, "CONFIG", "SET", "maxmemory", "500kb");
  await tell(replica, "REPLICAOF", "127.0.0.1", "1");

  const [ofFull, ofReplica] = await Promise.all([doctor({ REDIS_URL: full.url }), doctor({ REDIS_URL: replica.url })]);

  expect(ofFull.out).toMatch(/problem +Redis is full .*; [\d.]+ MiB of 0\.5 MiB are used\n +fix: raise maxmemory/);
  expect(ofReplica.out).toMatch(/problem +this Redis is a replica.*\n +fix: point REDIS_URL to the primary/);
  for (const { out, code } of [ofFull, ofReplica]) {
    expect(out).not.toContain("keeps what it is given");
    expect(code).toBe(1);
  }
});

test("doctor reports a Redis that cannot write to its disk, with the fix", async () => {
  const { doctor } = await setupAccount();
  const redis = await startRedisProcess({ appendonly: "yes" });
  onTestFinished(() => redis.close());
  await redis.limitFiles(10);
  await vi.waitFor(() => expect(redis.admin.set("a", "b")).rejects.toThrow("MISCONF"), { timeout: 30_000 });

  const { code, out } = await doctor({ REDIS_URL: redis.url });

  expect(out).toMatch(/problem +Redis cannot write to its disk.*aof_last_write_status\n +fix: check its log and/);
  expect(out).not.toContain("MISCONF");
  expect(code).toBe(1);
});

async function tell({ url }: { readonly url: string }, command: string, ...args: readonly string[]): Promise<void> {
  const client = new Redis(url);
  await client.call(command, ...args);
  client.disconnect();
}

test("doctor reports data of another layout with the fix, and does not change the data", async () => {
  const { doctor } = await setupAccount();
  const { url, redis, keys, prefix } = setupRedis();
  await redis.set(keys.shared.layout, "99");

  const { code, out } = await doctor({ REDIS_URL: url, QUEUE_PREFIX: prefix });

  expect(out).toMatch(/ +QUEUE_PREFIX: the data under .* has layout 99 of a newer version, [^;]*\n.*run the version/);
  expect(code).toBe(1);
  expect(await keysUnder(redis, prefix)).toEqual([keys.shared.layout]);
});
