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

const NEWER = String(Number(LAYOUT) + 1);

test("of two processes on an empty Redis the first writes the layout version, and both start", async () => {
  const { redis, keys, prefix } = setupRedis();
  expect(await layoutProblem(redis, keys)).toBeUndefined();
  expect(await keysUnder(redis, prefix)).toEqual([]);
  await Promise.all([claimLayout(redis, keys), claimLayout(redis, keys)]);
  expect(await redis.get(keys.shared.layout)).toBe(LAYOUT);
  await claimLayout(redis, keys);
  expect(await layoutProblem(redis, keys)).toBeUndefined();
});

test("a full Redis with the right layout version can be used", async () => {
  const { url, keys } = await startOwnRedis();
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  await claimLayout(redis, keys);
  await redis.config("SET", "maxmemory", "1");
  await claimLayout(redis, keys);
});

test.each([
  ["0", "an older"],
  [NEWER, "a newer"],
])("data of layout %s is refused as written by %s version, with the fix", async (layout, writer) => {
  const { redis, keys, prefix } = setupRedis();
  await redis.set(keys.shared.layout, layout);
  const problem = new RegExp(
    `^QUEUE_PREFIX: the data under \\{${prefix}\\} has layout ${layout} of ${writer} version, .*another QUEUE_PREFIX$`,
  );
  expect(await layoutProblem(redis, keys)).toMatch(problem);
  await expect(claimLayout(redis, keys)).rejects.toThrow(problem);
  expect(await redis.get(keys.shared.layout)).toBe(layout);
});

test("data without a layout version counts as written by an older version", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 400, callMs: 80 } });
  await inbox.queue.waitUntilReady();
  await expect(claimLayout(redis, keys, 300)).rejects.toThrow(
    `has no layout version, so an older version wrote it, and this version reads layout ${LAYOUT}; run the version`,
  );
  expect(await redis.exists(keys.shared.layout)).toBe(0);
  await inbox.close();
});

test("after Redis was emptied a running replica writes the layout version again, and a starting one waits for it", async () => {
  const { redis, keys } = setupRedis();
  await redis.sadd(keys.shared.sources, "tencent-vod");
  const starting = claimLayout(redis, keys);
  await createReplicas(redis, keys, 15_000).beat(beat);
  await starting;
  expect(await redis.get(keys.shared.layout)).toBe(LAYOUT);
});

test("a running replica reports that the layout version was raised, and writes nothing more", async () => {
  const { redis, keys, prefix } = setupRedis();
  const replica = createReplicas(redis, keys, 15_000);
  await redis.set(keys.shared.layout, NEWER);
  await expect(replica.beat(beat)).rejects.toThrow(LayoutError);
  expect(await keysUnder(redis, prefix)).toEqual([keys.shared.layout]);
});
