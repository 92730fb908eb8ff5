import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { claimLayout, LAYOUT, layoutProblem } from "../../src/ledger/layout.ts";
import { createReplicas, LayoutError } from "../../src/ledger/replicas.ts";
import { inboxOnRedis } from "../support/redis-inbox.ts";
import { keysUnder, setupRedis, startOwnRedis } from "../support/redis.ts";

const beat = {
  name: "one",
  version: "0.1.0",
  roles: [],
  sources: ["tencent-vod"],
  running: 0,
  upMs: 0,
  state: "ready" as const,
  problems: [],
};

test("the first of two processes writes the version into an empty Redis, and both go on", async () => {
  const { redis, keys, prefix } = setupRedis();
  expect(await layoutProblem(redis, keys)).toBeUndefined();
  expect(await keysUnder(redis, prefix)).toEqual([]);
  await Promise.all([claimLayout(redis, keys), claimLayout(redis, keys)]);
  expect(await redis.get(keys.shared.layout)).toBe(LAYOUT);
  await claimLayout(redis, keys);
  expect(await layoutProblem(redis, keys)).toBeUndefined();
});

test("a full Redis that has the version is worked with", async () => {
  const { url, keys } = await startOwnRedis();
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  await claimLayout(redis, keys);
  await redis.config("SET", "maxmemory", "1");
  await claimLayout(redis, keys);
});

test.each([
  ["0", "an older"],
  ["2", "a newer"],
])("data of layout %s is refused as of %s version, with the remedy", async (layout, writer) => {
  const { redis, keys, prefix } = setupRedis();
  await redis.set(keys.shared.layout, layout);
  const problem = new RegExp(
    `^QUEUE_PREFIX: the data under \\{${prefix}\\} has layout ${layout} of ${writer} version, .*another QUEUE_PREFIX$`,
  );
  expect(await layoutProblem(redis, keys)).toMatch(problem);
  await expect(claimLayout(redis, keys)).rejects.toThrow(problem);
  expect(await redis.get(keys.shared.layout)).toBe(layout);
});

test("data without a version is of an older one", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 400, callMs: 80 } });
  await inbox.queue.waitUntilReady();
  await expect(claimLayout(redis, keys, 300)).rejects.toThrow(
    `has no layout version, so an older version wrote it, and this version reads layout ${LAYOUT}; run the version`,
  );
  expect(await redis.exists(keys.shared.layout)).toBe(0);
  await inbox.close();
});

test("after Redis was emptied a living replica writes the version again, and one that starts waits for it", async () => {
  const { redis, keys } = setupRedis();
  await redis.sadd(keys.shared.sources, "tencent-vod");
  const starting = claimLayout(redis, keys);
  await createReplicas(redis, keys, 15_000).beat(beat);
  await starting;
  expect(await redis.get(keys.shared.layout)).toBe(LAYOUT);
});

test("a replica reports that the version was raised under it, and writes nothing more", async () => {
  const { redis, keys, prefix } = setupRedis();
  const replica = createReplicas(redis, keys, 15_000);
  await redis.set(keys.shared.layout, "2");
  await expect(replica.beat(beat)).rejects.toThrow(LayoutError);
  expect(await keysUnder(redis, prefix)).toEqual([keys.shared.layout]);
});
