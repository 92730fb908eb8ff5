import { pino } from "pino";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { loadScript } from "../../src/ledger/scripts.ts";
import { onlyShard } from "../../src/queue/shards.ts";
import { openShards, type ShardsOptions } from "../../src/worker/shards.ts";
import { type RedisCluster, startRedisCluster } from "../support/redis-cluster.ts";

const log = pino({ level: "silent" });
const LIMITED = [{ name: "limited Told", isOrdered: false, concurrency: 1 }];
const SOURCES = ["free/1", "free/2", "free/3", "limited/1", "limited/2"];

let cluster: RedisCluster;
beforeAll(async () => void (cluster = await startRedisCluster({ replicas: 0 })));
afterAll(() => cluster?.close());

async function open(prefix: string, options: Partial<ShardsOptions> = {}) {
  const place = { url: cluster.url, prefix };
  const about = { place, name: "test", sources: SOURCES, limited: [], isWithoutHandlers: false, log };
  const shards = await openShards({ ...about, ...options });
  onTestFinished(() => shards.close());
  return { ...shards, placesOf: (sources = SOURCES) => sources.map((source) => shards.keys.shardOf(source)) };
}

test("each command goes to the primary of the shard that has its key", async () => {
  const { redis, keys, all } = await open("routed");
  const note = loadScript(redis, "source", "note-success");

  for (const source of SOURCES) {
    await redis.set(keys.keysOf(source).lost, source);
    await note(keys.keysOf(source).scope, "ev-unknown", 1);
  }

  expect(new Set(all.map((shard) => shard.redis.stream.remotePort)).size).toBe(3);
  for (const source of SOURCES) {
    const there = all[keys.shardOf(source)]?.redis;
    expect(await there?.get(keys.keysOf(source).lost)).toBe(source);
  }
  expect(await Promise.all(SOURCES.map((source) => redis.get(keys.keysOf(source).lost)))).toEqual(SOURCES);
});

test("sources whose handlers have limits go to the first shard, and the others spread", async () => {
  const { placesOf } = await open("limited", { limited: LIMITED });

  expect(placesOf()).toEqual([2, 1, 2, 0, 0]);
});

test("a handler that got limits after its source was placed on another shard is a mistake, and the error says what to do", async () => {
  await open("misplaced");

  await expect(open("misplaced", { limited: LIMITED })).rejects.toMatchObject({
    name: "ConfigError",
    message: expect.stringMatching(
      /^HANDLERS: the handler of limited Told has limits, and limited\/1 was placed .*HDEL/m,
    ),
  });
});

test("a source whose handlers have limits stays where it is if that is the first shard", async () => {
  const first = await open("stays", { limited: LIMITED });
  const again = await open("stays", { limited: LIMITED });

  expect(again.placesOf()).toEqual(first.placesOf());
});

test("a process without handlers waits until a process with handlers has placed the sources", async () => {
  const waiting = open("waits", { isWithoutHandlers: true });
  const { placesOf } = await open("waits", { limited: LIMITED });

  expect((await waiting).placesOf()).toEqual(placesOf());
});

test("a process without handlers that waits too long places the sources as if they had limits", async () => {
  const { placesOf } = await open("alone", { isWithoutHandlers: true });

  expect(placesOf()).toEqual([0, 0, 0, 0, 0]);
});

test("a process is not reachable if one of its shards is away", async () => {
  const { all, isReachable } = await open("away");
  expect(isReachable()).toBe(true);

  all[1]?.redis.disconnect();

  await expect.poll(isReachable).toBe(false);
});

test("without a cluster there is one shard, with the same keys as before", async () => {
  const { redis } = await open("one");
  const { keys, all } = onlyShard({ redis, place: { url: cluster.url, prefix: "one" } });

  expect(all).toHaveLength(1);
  expect(keys.keysOf("any").scope).toEqual(["ledger", "events"].map((part) => `${keys.queue.prefix}:${part}:`));
});
