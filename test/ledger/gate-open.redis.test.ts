import { expect, test } from "vitest";
import { createGate } from "../../src/ledger/gate.ts";
import { keysUnder, setupRedis } from "../support/redis.ts";

const LIMITS = { name: "v T", concurrency: 1, isOrdered: true };
const event = (id: string) => ({ id, fingerprint: id, source: "v/1" });

test("removing a handler's limits clears all its held events, even if their places were lost", async () => {
  const { redis, keys, prefix } = setupRedis();
  const gate = createGate(redis, keys);
  const { queue } = keys.keysOf("");
  for (const id of ["one", "two", "three"]) await redis.hset(queue(id), "name", "a job");
  for (const id of ["one", "two", "three"]) await gate.enter(event(id), { limits: LIMITS, key: "k" }, false);
  await gate.look(LIMITS);
  const places = (await keysUnder(redis, prefix)).find((key) => key.includes("places")) ?? "";
  await redis.del(places);

  await gate.open(LIMITS.name);

  expect(await gate.known()).toEqual(new Map());
  const left = await keysUnder(redis, prefix);
  expect(left.filter((key) => /gate-(places|waits|behind|rests|events)/.test(key))).toEqual([]);
});
