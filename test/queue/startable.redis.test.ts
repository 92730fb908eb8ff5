import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { createStartable } from "../../src/queue/startable.ts";
import { inboxOnRedis, jobsByHand } from "../support/redis-inbox.ts";
import { setupRedis, startOwnRedis } from "../support/redis.ts";
import { eventOf } from "../worker/context.ts";

const { id: _, ...DATA } = eventOf();

function setup() {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 400, callMs: 80 } });
  const jobs = jobsByHand({ redis, keys, inbox });
  onTestFinished(async () => {
    await jobs.close();
    await inbox.close();
  });
  const { queue } = inbox;
  const add = async (...ids: readonly string[]): Promise<void> => {
    for (const jobId of ids) await queue.add("Told", DATA, { jobId });
  };
  return { redis, keys, queue, add, jobs, startable: createStartable(redis, keys) };
}

test("waiting jobs and those whose delay is over count as startable, and parked or later ones do not", async () => {
  const { queue, add, jobs, redis, keys, startable } = setup();
  expect(await startable()).toBe(0);
  await add("parks", "waits", "finishes");
  await jobs.park("parks");
  await jobs.finish("finishes");
  await queue.add("Told", DATA, { jobId: "later", delay: 60_000 });
  expect(await startable()).toBe(1);

  await redis.zadd(keys.keysOf("").queue("delayed"), (Date.now() - 1_000) * 0x1000, "later");
  expect(await startable()).toBe(2);
});

test("nothing counts as startable while the queue is paused, or at a limit that somebody set in BullMQ", async () => {
  const { queue, add, startable } = setup();
  await add("one", "other");
  await queue.pause();
  expect(await startable()).toBe(0);
  await queue.resume();
  expect(await startable()).toBe(2);

  await queue.setGlobalConcurrency(0);
  expect(await startable()).toBe(0);
  await queue.removeGlobalConcurrency();
  expect(await startable()).toBe(2);

  await queue.setGlobalRateLimit(1, 60_000);
  expect(await startable()).toBe(2);
  await queue.rateLimit(60_000);
  expect(await startable()).toBe(0);
});

test("nothing counts as startable while Redis takes no writes", async () => {
  const { url, prefix } = await startOwnRedis();
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  const startable = createStartable(redis, createKeys(prefix));
  expect(await startable()).toBe(0);
  await redis.config("SET", "maxmemory", "1");
  await expect(startable()).rejects.toThrow("OOM");
});
