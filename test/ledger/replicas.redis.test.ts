import { expect, test } from "vitest";
import { sleep } from "../../src/core/sleep.ts";
import { createReplicas } from "../../src/ledger/replicas.ts";
import { setupRedis } from "../support/redis.ts";

const beat = (name: string, changes = {}) => ({
  name,
  version: "0.1.0",
  roles: ["pull", "work"],
  sources: ["tencent-vod"],
  running: 2,
  state: "ready" as const,
  problems: [],
  upMs: 60_000,
  ...changes,
});

function setup(holdsMs = 15_000) {
  const { redis, keys } = setupRedis();
  return { redis, keys, replica: () => createReplicas(redis, keys, holdsMs) };
}

test("a replica is listed with what it said of itself, in times of the one clock", async () => {
  const { replica, redis } = setup();
  const one = replica();
  const before = Number((await redis.time())[0]) * 1_000;
  await one.beat(beat("host-1:7", { sincePullMs: 3_000 }));
  const [listed, ...others] = await replica().list();
  expect(others).toEqual([]);
  expect(listed).toMatchObject({
    name: "host-1:7",
    version: "0.1.0",
    roles: ["pull", "work"],
    sources: ["tencent-vod"],
    running: 2,
  });
  const seen = Date.parse(listed?.seenAt ?? "");
  expect(seen).toBeGreaterThanOrEqual(before);
  expect(seen - Date.parse(listed?.startedAt ?? "")).toBe(60_000);
  expect(seen - Date.parse(listed?.lastPullAt ?? "")).toBe(3_000);
  expect(listed).not.toHaveProperty("lastStartAt");
});

test("a later word replaces the one before, and each replica has its own, whatever its name", async () => {
  const { replica } = setup();
  const [one, other] = [replica(), replica()];
  await one.beat(beat("same"));
  await other.beat(beat("same", { running: 5 }));
  await one.beat(beat("same", { running: 3 }));
  expect((await one.list()).map(({ running }) => running).toSorted((a, b) => a - b)).toEqual([3, 5]);
});

test("one that leaves is gone at once, and nobody is told", async () => {
  const { replica } = setup();
  const [one, other] = [replica(), replica()];
  await one.beat(beat("one"));
  await other.beat(beat("other"));
  await one.leave();
  expect((await other.list()).map(({ name }) => name)).toEqual(["other"]);
  expect(await other.beat(beat("other"))).toEqual([]);
});

test("one that falls silent is no longer listed, and one of the others is told", async () => {
  const { replica } = setup(300);
  const [silent, one, other] = [replica(), replica(), replica()];
  await silent.beat(beat("silent"));
  const told: string[] = [];
  await expect
    .poll(
      async () => {
        for (const each of [one, other]) told.push(...(await each.beat(beat("living"))).map(({ name }) => name));
        return told.length;
      },
      { timeout: 5_000 },
    )
    .toBeGreaterThan(0);
  expect((await one.list()).map(({ name }) => name)).toEqual(["living", "living"]);
  for (const each of [one, other]) told.push(...(await each.beat(beat("living"))).map(({ name }) => name));
  expect(told).toEqual(["silent"]);
});

test("its record is listed no longer than it holds, even if nobody else lives, and nothing stays", async () => {
  const { replica, redis, keys } = setup(300);
  await replica().beat(beat("last"));
  expect(await redis.exists(keys.shared.replicas)).toBe(1);
  await sleep(400);
  expect(await replica().list()).toEqual([]);
  expect(await redis.exists(keys.shared.replicas)).toBe(0);
});

test("the record of a version that says something else hides no other", async () => {
  const { replica, redis, keys } = setup();
  const one = replica();
  await one.beat(beat("one"));
  const now = Number((await redis.time())[0]) * 1_000;
  await redis.hset(keys.shared.replicas, "other", `${now} {"called":"other"}`);
  expect((await one.list()).map(({ name }) => name)).toEqual(["one"]);
  expect(await one.beat(beat("one"))).toEqual([]);
});

test("the sources of a replica are known for good, those of an emptied Redis from the next word on", async () => {
  const { replica, redis, keys } = setup();
  const one = replica();
  const sources = ["tencent-vod/1", "alibaba-vod/mns/q"];
  await one.beat(beat("one", { sources }));
  await redis.del(keys.shared.sources, keys.shared.replicas);
  await one.beat(beat("one", { sources }));
  await one.leave();
  expect((await redis.smembers(keys.shared.sources)).toSorted()).toEqual(sources.toSorted());
});
