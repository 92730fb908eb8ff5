import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import type { CallbackStatus } from "../../src/http/probes/status-contract.ts";
import { createCallbackProbe } from "../../src/worker/callback-probe.ts";
import { startOwnRedis } from "../support/redis.ts";

const ROOM: CallbackStatus = { waiting: 3, waitingBytes: 500, maxWaiting: 4, maxWaitingBytes: 134_217_728 };

async function setup() {
  const server = await startOwnRedis();
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  redis.on("error", () => {});
  onTestFinished(() => redis.disconnect());
  await redis.ping();
  const counts = { now: ROOM, isFull: false };
  const probe = createCallbackProbe({
    redis,
    keys: server.keys,
    status: async () => counts.now,
    isFull: () => counts.isFull,
  });
  const becomes = async (answer: object) => expect.poll(probe).toMatchObject(answer);
  return { server, redis, counts, probe, becomes };
}

const refusedFor = (code: string) => ({ ready: false, problems: [{ code, fix: expect.any(String) }] });
const stored = { ready: true, problems: [] };

test("/readyz/callbacks says yes while Redis takes writes and there is room", async () => {
  const { probe, counts, becomes } = await setup();
  expect(await probe()).toEqual(stored);

  counts.now = { ...ROOM, waiting: 4 };
  await becomes(refusedFor("callbacks-refused"));
  counts.now = { ...ROOM, waitingBytes: 134_000_000 };
  await becomes(refusedFor("callbacks-refused"));
  counts.now = ROOM;
  await becomes(stored);
  counts.isFull = true;
  await becomes(refusedFor("redis-full"));
  counts.isFull = false;
  await becomes(stored);
});

test("/readyz/callbacks says no while Redis is full, a replica, silent or away", async () => {
  const { server, redis, becomes } = await setup();

  await redis.config("SET", "maxmemory", "1");
  await becomes(refusedFor("redis-full"));
  await redis.config("SET", "maxmemory", "0");
  await becomes(stored);

  await redis.replicaof("127.0.0.1", 1);
  await becomes(refusedFor("redis-read-only"));
  await redis.replicaof("NO", "ONE");
  await becomes(stored);

  server.freeze();
  await becomes(refusedFor("status-slow"));
  server.resume();
  await becomes(stored);

  await server.kill9();
  await becomes(refusedFor("redis-away"));
});

test("/readyz/callbacks asks Redis at most once a second", async () => {
  const { redis, probe } = await setup();
  const writes = async () => Number(/^cmdstat_set:calls=(\d+)/m.exec(await redis.info("commandstats"))?.[1] ?? 0);
  const before = performance.now();

  for (let asked = 0; asked < 500; asked++) await probe();

  expect(await writes()).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - before) / 1_000));
  expect(await writes()).toBeGreaterThan(0);
});
