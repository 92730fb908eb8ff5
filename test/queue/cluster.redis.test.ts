import { pino } from "pino";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { connect } from "../../src/queue/connection.ts";
import { reach } from "../../src/queue/reach.ts";
import { slotOf } from "../../src/queue/cluster-slot.ts";
import { createKeys } from "../../src/ledger/keys.ts";
import { type RedisCluster, startRedisCluster } from "../support/redis-cluster.ts";
import { sharedRedis } from "../support/redis.ts";
import { checkTopology } from "../../src/queue/redis-topology.ts";
import { checkRedis } from "../../src/queue/redis-check.ts";
import { once } from "node:events";

const log = pino({ level: "silent" });
const PREFIX = "events";
const PATIENCE_MS = 30_000;
const { shared } = createKeys(PREFIX);

let cluster: RedisCluster;
beforeAll(async () => void (cluster = await startRedisCluster({ password: "of-all/%" })));
afterAll(() => cluster?.close());

function open(url = cluster.url, use: "command" | "worker" = "command", prefix = PREFIX) {
  const redis = connect({ place: { url, prefix }, name: "test", log, use });
  onTestFinished(() => redis.disconnect());
  return redis;
}

const refusal = (redis: ReturnType<typeof open>) => reach(redis, PATIENCE_MS).catch((err: unknown) => err);

test("a key's slot is the one that Redis computes", async () => {
  const { admin } = await cluster.ownerOf(PREFIX);

  for (const key of ["", "a", "{video}:of:one", "{}a", "a{b}c{d}", "{ü}"])
    expect(slotOf(key), key).toBe(await admin.cluster("KEYSLOT", key));
});

test.each(["one", "two", "three", "four"])(
  "keys of %s are found from whichever cluster node REDIS_URL names",
  async (prefix) => {
    for (const { port } of cluster.nodes.slice(0, 4)) {
      const redis = open(cluster.url.replace(/@.*/, `@127.0.0.1:${port}`), "command", prefix);
      await reach(redis, PATIENCE_MS, async () => void (await redis.set(createKeys(prefix).shared.probe, "")));

      expect(redis.stream.remotePort).toBe((await cluster.ownerOf(prefix)).port);
    }
  },
);

test("a plain URL to a cluster node without our keys is a mistake, and the error says how to name the cluster", async () => {
  const owner = await cluster.ownerOf(PREFIX);
  const other = cluster.nodes.find(({ port }) => port !== owner.port);
  const redis = open(urlOf(other?.port));

  const err = await reach(redis, PATIENCE_MS, async () => void (await redis.get(shared.probe))).catch(
    (cause: unknown) => cause,
  );

  expect(err).toMatchObject({
    message: `REDIS_URL: 127.0.0.1:${other?.port} cannot be used: this Redis is a node of a cluster, and our keys are on another one; use redis+cluster://127.0.0.1:${other?.port}, which finds it, also after a failover`,
  });
});

test("a plain URL to the cluster node with our keys gives a warning", async () => {
  const redis = open(urlOf((await cluster.ownerOf(PREFIX)).port));
  await reach(redis, PATIENCE_MS);

  expect(await checkRedis(redis)).toMatchObject([
    { level: "warn", fact: expect.stringMatching(/^this Redis is a node of a/) },
  ]);
});

test("a cluster URL to a Redis that is no cluster is a mistake", async () => {
  const { host, password } = new URL(sharedRedis().url);

  expect(await refusal(open(`redis+cluster://:${password}@${host}`))).toMatchObject({
    message: `REDIS_URL: the cluster of ${host} is no cluster; use redis:// with one address, or redis+sentinel:// where sentinels watch it`,
  });
});

test("a password that the cluster's nodes refuse is a mistake", async () => {
  expect(await refusal(open(cluster.url.replace(/:[^:@]+@/, ":another@")))).toMatchObject({
    message: expect.stringMatching(/^REDIS_URL: the cluster of .* refuses the user or password \(WRONGPASS/),
  });
});

test("doctor reports the cluster, our primary and its replica", async () => {
  const redis = open();
  await reach(redis, PATIENCE_MS);

  expect(await checkTopology(redis)).toEqual([
    {
      level: "ok",
      fact: expect.stringMatching(
        /^a cluster of 3 primaries and 3 replicas; our keys lie on 127\.0\.0\.1:\d+, version \d+\.\d+\.\d+$/,
      ),
    },
    {
      level: "ok",
      fact: expect.stringMatching(
        /^a replica follows it: 127\.0\.0\.1:\d+ \(online, \d+ bytes behind, appendfsync always, version \d+\.\d+\.\d+\)$/,
      ),
    },
    expect.objectContaining({ level: "warn", fact: expect.stringMatching(/^a primary that is cut off/) }),
  ]);
});

test("commands that run while our slot moves are answered by its new node", async () => {
  const redis = open();
  await reach(redis, PATIENCE_MS, async () => void (await redis.set(shared.canary, "before")));
  const waiting = open(cluster.url, "worker");
  await reach(waiting, PATIENCE_MS);
  const popped = waiting.bzpopmin(shared.pulse, 0);

  await cluster.moveSlot(PREFIX);
  const answers = await Promise.all(Array.from({ length: 20 }, () => redis.get(shared.canary)));

  expect(new Set(answers)).toEqual(new Set(["before"]));
  expect(redis.stream.remotePort).toBe((await cluster.ownerOf(PREFIX)).port);
  await redis.zadd(shared.pulse, 1, "member");
  expect(await popped).toEqual([shared.pulse, "member", "1"]);
});

test("a connection to a frozen primary is cut when the cluster has replaced it", async () => {
  const redis = open();
  await reach(redis, PATIENCE_MS);
  const frozen = await cluster.ownerOf(PREFIX);
  onTestFinished(() => void frozen.process.kill("SIGCONT"));

  frozen.process.kill("SIGSTOP");
  await once(redis, "close");
  await redis.set(shared.probe, "");

  expect(redis.stream.remotePort).not.toBe(frozen.port);
});

function urlOf(port = 0): string {
  return cluster.url.replace("+cluster", "").replace(/@.*/, `@127.0.0.1:${port}`);
}
