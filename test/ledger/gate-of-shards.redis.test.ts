import { expect, test } from "vitest";
import { createGateOfShards } from "../../src/ledger/gate-of-shards.ts";
import { spreadKeys } from "../support/spread-keys.ts";

const HANDLER = "loud Told";
const PLACES = { "loud/1": 0, "loud/2": 1, "quiet/1": 2 };

function setup() {
  const { redis, keys } = spreadKeys(PLACES);
  const gate = createGateOfShards(redis, keys);
  const setIn = async () =>
    await Promise.all(keys.shards.map((shard) => redis.hgetall(shard.keysOf("").gate(HANDLER))));
  const added = async (id: string, source: string) => await redis.hset(keys.keysOf(source).job(id), "name", "a job");
  return { gate, setIn, added };
}

test("an operator's limit is divided among the shards that have sources of the handler", async () => {
  const { gate, setIn } = setup();

  await gate.set(HANDLER, { concurrency: 5, perSecond: 3 });

  expect(await setIn()).toEqual(Array.from({ length: 3 }, () => ({ concurrency: "2", perSecond: "1.5" })));
  expect(await gate.words()).toEqual(new Set([HANDLER]));
});

test("a handler's limit is not divided if all of its sources are on one shard", async () => {
  const { gate } = setup();

  await gate.set("quiet Told", { concurrency: 1 });

  expect(await gate.words()).toEqual(new Set(["quiet Told"]));
});

test("a concurrency that would leave a shard without a place is refused", async () => {
  const { gate, setIn } = setup();

  await expect(gate.set(HANDLER, { concurrency: 1 })).rejects.toMatchObject({
    name: "LimitError",
    message:
      "the events of loud Told lie on 2 shards of the cluster, and each needs a place: concurrency 2 is the least, or pause it",
  });
  expect(await setIn()).toEqual([{}, {}, {}]);
});

test("a pause holds the events of all shards until it is removed", async () => {
  const { gate, setIn, added } = setup();
  const limits = { name: HANDLER, isOrdered: false };
  const enter = async (source: string) => {
    await added(`ev-${source}`, source);
    return await gate.enter({ id: `ev-${source}`, fingerprint: "f", source }, { limits }, false);
  };

  await gate.set(HANDLER, { paused: true });
  const held = await Promise.all(["loud/1", "loud/2"].map(enter));
  const counts = await gate.look(limits);
  await gate.set(HANDLER, { paused: null });

  expect(held).toEqual([{ kind: "held" }, { kind: "held" }]);
  expect(counts).toMatchObject({ placed: 0 });
  expect(await setIn()).toEqual([{}, {}, {}].map(() => expect.not.objectContaining({ paused: "1" })));
  expect(await enter("loud/2")).toEqual({ kind: "go" });
});
