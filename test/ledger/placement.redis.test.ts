import { expect, test } from "vitest";
import { createPlacement, placeSources, readPlaces, type ToPlace } from "../../src/ledger/placement.ts";
import { setupRedis } from "../support/redis.ts";

const named = (...sources: string[]): ToPlace[] => sources.map((source) => ({ source }));

function setup(count = 3) {
  const { redis, keys } = setupRedis();
  return { redis, keys, place: (sources = named()) => placeSources(redis, keys, count, sources) };
}

test("new sources go to the shard with the fewest sources, the first shard last, and stay there", async () => {
  const { redis, keys, place } = setup();
  expect(await readPlaces(redis, keys)).toBeUndefined();

  const six = await place(named("f", "e", "d", "c", "b", "a"));
  const more = await place(named("g", "a"));

  expect(Object.fromEntries(six.shards)).toEqual({ a: 2, b: 1, c: 0, d: 2, e: 1, f: 0 });
  expect(Object.fromEntries(more.shards)).toEqual({ ...Object.fromEntries(six.shards), g: 2 });
  expect(await readPlaces(redis, keys)).toEqual(more);
});

test("a source that must be on a certain shard is placed there, unless it has a shard already", async () => {
  const { place } = setup();
  await place(named("a"));

  const { shards } = await place([
    { source: "a", shard: 0 },
    { source: "b", shard: 0 },
  ]);

  expect(Object.fromEntries(shards)).toEqual({ a: 2, b: 0 });
});

test("the number of shards is decided only once", async () => {
  const { redis, keys, place } = setup();
  await place();

  expect(await placeSources(redis, keys, 5, [])).toMatchObject({ count: 3 });
});

test("sources from a time with a single shard stay on it, and new ones spread", async () => {
  const { redis, keys, place } = setup();
  await redis.hset(keys.shared.pulse, "beats", 7);
  await redis.sadd(keys.shared.sources, "former");

  const first = await place(named("configured"));
  const later = await place(named("new"));

  expect(Object.fromEntries(first.shards)).toEqual({ former: 0, configured: 0 });
  expect(later.shards.get("new")).toBe(2);
});

test("sources whose shard Redis has lost are written again", async () => {
  const { redis, keys, place } = setup();
  const placed = await place(named("a", "b", "c"));
  const { keep, shardOf } = createPlacement(redis, keys, placed);
  await redis.del(keys.shared.shards);

  await keep();

  expect(await readPlaces(redis, keys)).toEqual(placed);
  expect(["a", "b", "c"].map(shardOf)).toEqual([2, 1, 0]);
});

test("a process learns the shard of a source that another process has placed", async () => {
  const { redis, keys, place } = setup();
  const { keep, shardOf, places } = createPlacement(redis, keys, await place(named("a")));
  await place(named("b"));
  expect(shardOf("b")).toBe(0);

  await keep();

  expect(shardOf("b")).toBe(1);
  expect([...places().keys()].toSorted()).toEqual(["a", "b"]);
});

test("a process stops if another process has placed its source on another shard", async () => {
  const { redis, keys, place } = setup();
  const { keep } = createPlacement(redis, keys, await place(named("a")));
  await redis.del(keys.shared.shards);
  await placeSources(redis, keys, 3, [{ source: "a", shard: 0 }]);

  await expect(keep()).rejects.toMatchObject({
    name: "LayoutError",
    message: expect.stringContaining("placed a anew"),
  });
});
