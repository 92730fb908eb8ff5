import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { startOwnRedis } from "../support/redis.ts";
import { setupWorld } from "../support/worker-process.ts";
import { documentOf } from "./documents.ts";

test("the Redis user of docs/deploy/redis.md has the rights that the worker needs", async () => {
  const redis = await startOwnRedis();
  const { start, publish, allConfirmed, env } = await setupWorld({ redis });
  const { blocks } = documentOf("docs/deploy/redis.md");
  const line = blocks.map(({ text }) => text).find((text) => text.startsWith("ACL SETUSER worker "));
  const [command = "", ...rights] = line?.trim().replace("reliable-callback", env.QUEUE_PREFIX).split(" ") ?? [];
  const admin = new Redis(redis.url);
  await admin.call(command, ...rights);
  const url = new URL(redis.url);
  Object.assign(url, { username: "worker", password: "PASSWORD" });

  const worker = await start({ REDIS_URL: url.href, BACKOFF_MS: "20" });
  publish("flaky", { failures: 1 });
  await allConfirmed();
  expect((await fetch(`${worker.pagesUrl}/dashboard/api/queues?activeQueue=events&status=latest`)).status).toBe(200);
  expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
  const denied = await admin.call("ACL", "LOG");
  admin.disconnect();
  expect(denied).toEqual([]);
});
