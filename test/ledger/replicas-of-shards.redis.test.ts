import { expect, test, vi } from "vitest";
import { createReplicasOfShards } from "../../src/ledger/replicas-of-shards.ts";
import { spreadKeys } from "../support/spread-keys.ts";

const ABOUT = {
  name: "host:1",
  version: "0.1.0",
  roles: [],
  sources: ["loud/1"],
  running: 0,
  state: "ready",
  problems: [],
  upMs: 0,
} as const;

function setup() {
  const { redis, shards } = spreadKeys({});
  const keep = vi.fn(async () => {});
  const replicas = createReplicasOfShards(shards, 15_000, keep);
  return { redis, shards, keep, ...replicas };
}

test("each process is listed once, with the sources of all shards", async () => {
  const { beat, list, keep } = setup();

  expect(await beat(ABOUT)).toEqual({ gone: [], words: 0, isOtherRedis: false });

  expect(await list()).toMatchObject([{ name: "host:1", sources: ["loud/1"] }]);
  expect(keep).toHaveBeenCalledOnce();
});

test("older data are noticed in the shard that lost data", async () => {
  const { redis, shards, beat } = setup();
  await beat(ABOUT);
  await beat(ABOUT);
  await redis.del(shards[1]?.keys.shared.pulse ?? "");

  expect(await beat(ABOUT)).toMatchObject({ news: "found", foundIn: [1], loss: { cause: "in-place" } });
  expect(await beat(ABOUT)).not.toHaveProperty("news");
});

test("an operator's limits are counted over all shards", async () => {
  const { redis, shards, beat } = setup();
  for (const { keys } of shards) await redis.hincrby(keys.shared.pulse, "words", 1);

  expect(await beat(ABOUT)).toMatchObject({ words: 3 });
});

test("a process that leaves is removed from all shards", async () => {
  const { redis, shards, beat, leave } = setup();
  await beat(ABOUT);

  await leave();

  for (const { keys } of shards) expect(await redis.exists(keys.shared.replicas)).toBe(0);
});
