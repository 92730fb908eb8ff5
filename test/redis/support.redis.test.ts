import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";
import { keysUnder, setupRedis, startOwnRedis } from "../support/redis.ts";

test("the tests' shared Redis runs a BullMQ job under a prefix of the test's own", async () => {
  const { url, prefix, keys, redis } = setupRedis();
  const connection = { url, maxRetriesPerRequest: null };
  const queue = new Queue(keys.queue.name, { connection, prefix: keys.queue.prefix });
  const done = vi.fn();
  const worker = new Worker(keys.queue.name, async (job) => done(job.data), { connection, prefix: keys.queue.prefix });
  onTestFinished(async () => {
    await worker.close();
    await queue.close();
  });

  await queue.add("event", { id: "one" });

  await vi.waitFor(() => expect(done).toHaveBeenCalledExactlyOnceWith({ id: "one" }));
  expect(await keysUnder(redis, prefix)).not.toHaveLength(0);
  expect(setupRedis().prefix).not.toBe(prefix);
});

test("a test's own Redis keeps acknowledged writes over a kill and a stop, at the same address", async () => {
  const own = await startOwnRedis();
  const redis = new Redis(own.url);
  redis.on("error", () => {});
  onTestFinished(() => redis.disconnect());
  await redis.set("key", "kept");

  await own.kill9();
  await own.start();
  expect(await redis.get("key")).toBe("kept");

  await own.stop();
  await own.start();
  expect(await redis.get("key")).toBe("kept");
});

test("a test's own Redis can be emptied", async () => {
  const own = await startOwnRedis();
  const redis = new Redis(own.url);
  onTestFinished(() => redis.disconnect());
  await redis.set("key", "lost");

  await own.flush();

  expect(await redis.dbsize()).toBe(0);
});
