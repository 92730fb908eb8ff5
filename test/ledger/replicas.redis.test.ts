import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { createKeys } from "../../src/ledger/keys.ts";
import { causeOf, type RedisIdentity } from "../../src/ledger/redis-identity.ts";
import { createReplicas } from "../../src/ledger/replicas.ts";
import { setupRedis, startOwnRedis } from "../support/redis.ts";

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

const HOLDS_MS = 15_000;

function setup() {
  const { redis, keys } = setupRedis();
  return {
    redis,
    keys,
    replica: () => createReplicas(redis, keys, HOLDS_MS),
    /** Lets the records be this much older. */
    async passes(ms: number): Promise<void> {
      for (const [id, record] of Object.entries(await redis.hgetall(keys.shared.replicas))) {
        const older = record.replace(/^\d+/, (at) => String(Number(at) - ms));
        await redis.hset(keys.shared.replicas, id, older);
      }
    },
  };
}

test("a replica is listed with what it reported about itself, in times of Redis' clock", async () => {
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

test("a replica's newest report replaces the one before, and replicas with the same name stay apart", async () => {
  const { replica } = setup();
  const [one, other] = [replica(), replica()];
  await one.beat(beat("same"));
  await other.beat(beat("same", { running: 5 }));
  await one.beat(beat("same", { running: 3 }));
  expect((await one.list()).map(({ running }) => running).toSorted((a, b) => a - b)).toEqual([3, 5]);
});

test("a report that was still on its way when its replica left does not bring it back", async () => {
  const { replica } = setup();
  const [one, other] = [replica(), replica()];

  const beating = one.beat(beat("one"));
  await one.leave();
  await beating;

  expect(await other.list()).toEqual([]);
});

test("a replica that leaves is gone at once, and no other replica reports it", async () => {
  const { replica } = setup();
  const [one, other] = [replica(), replica()];
  await one.beat(beat("one"));
  await other.beat(beat("other"));
  await one.leave();
  expect((await other.list()).map(({ name }) => name)).toEqual(["other"]);
  expect((await other.beat(beat("other"))).gone).toEqual([]);
});

test("a replica that falls silent is no longer listed, and one other replica reports it", async () => {
  const { replica, passes } = setup();
  const [silent, one, other] = [replica(), replica(), replica()];
  await silent.beat(beat("silent"));
  await passes(HOLDS_MS + 1_000);
  expect(await one.list()).toEqual([]);
  const told: string[] = [];
  for (const each of [one, other, one, other])
    told.push(...(await each.beat(beat("living"))).gone.map(({ name }) => name));
  expect(told).toEqual(["silent"]);
  expect((await one.list()).map(({ name }) => name)).toEqual(["living", "living"]);
});

test("a replica's record expires even if no other replica lives, and leaves no key", async () => {
  const { replica, redis, keys } = setup();
  await replica().beat(beat("last"));
  const expiresAfterMs = await redis.pttl(keys.shared.replicas);
  expect(expiresAfterMs).toBeGreaterThan(0);
  expect(expiresAfterMs).toBeLessThanOrEqual(HOLDS_MS);
});

test("a record of another version does not hide the other replicas", async () => {
  const { replica, redis, keys } = setup();
  const one = replica();
  await one.beat(beat("one"));
  const now = Number((await redis.time())[0]) * 1_000;
  await redis.hset(keys.shared.replicas, "other", `${now} {"called":"other"}`);
  expect((await one.list()).map(({ name }) => name)).toEqual(["one"]);
  expect((await one.beat(beat("one"))).gone).toEqual([]);
});

test("the list of a replica's sources is kept for good, and written again after Redis was emptied", async () => {
  const { replica, redis, keys } = setup();
  const one = replica();
  const sources = ["tencent-vod/1", "alibaba-vod/mns/q"];
  await one.beat(beat("one", { sources }));
  await redis.del(keys.shared.sources, keys.shared.replicas);
  await one.beat(beat("one", { sources }));
  await one.leave();
  expect((await redis.smembers(keys.shared.sources)).toSorted()).toEqual(sources.toSorted());
});

describe("data of an earlier time in Redis", () => {
  const THEN = Date.now() - 600_000;

  /** Resets the pulse to an earlier state, as restoring a snapshot does. */
  async function restore({ redis, keys }: ReturnType<typeof setup>, pulse: Readonly<Record<string, number>>) {
    await redis.del(keys.shared.pulse);
    await redis.hset(keys.shared.pulse, { at: THEN, ...pulse });
  }

  test("are noticed by one replica, and reported to the others once with the lost time", async () => {
    const there = setup();
    const [one, other] = [there.replica(), there.replica()];
    for (const each of [one, other, one, other]) expect(await each.beat(beat("r"))).not.toHaveProperty("loss");
    await restore(there, { beats: 1 });

    const loss = { from: new Date(THEN).toISOString(), until: expect.any(String), cause: "in-place" };
    const found = await other.beat(beat("r"));
    expect(found).toMatchObject({ news: "found", loss });
    expect(Date.parse(found.loss?.until ?? "")).toBeGreaterThan(THEN + 500_000);
    const { until } = found.loss ?? {};
    expect(await one.beat(beat("r"))).toMatchObject({ news: "told", loss: { ...loss, until } });
    for (const each of [one, other]) {
      const again = await each.beat(beat("r"));
      expect(again.loss).toEqual(found.loss);
      expect(again).not.toHaveProperty("news");
    }
    const later = await there.replica().beat(beat("r"));
    expect(later.loss).toEqual(found.loss);
    expect(later).not.toHaveProperty("news");
  });

  test("are noticed even if more heartbeats came since than were lost", async () => {
    const there = setup();
    const [one, other] = [there.replica(), there.replica()];
    for (const each of [one, other, one, other]) await each.beat(beat("r"));
    await restore(there, { beats: 3 });
    expect(await other.beat(beat("r"))).toMatchObject({ news: "found" });
    for (let n = 0; n < 5; n++) await other.beat(beat("r"));
    expect(await one.beat(beat("r"))).toMatchObject({ news: "told", loss: { from: new Date(THEN).toISOString() } });
  });

  test("are noticed again if they go back to before an earlier loss", async () => {
    const there = setup();
    const one = there.replica();
    await one.beat(beat("r"));
    await one.beat(beat("r"));
    for (const news of ["found", "found"]) {
      await restore(there, { beats: 1 });
      expect(await one.beat(beat("r"))).toMatchObject({ news });
      expect(await one.beat(beat("r"))).not.toHaveProperty("news");
    }
  });

  test("may be all data", async () => {
    const there = setup();
    const one = there.replica();
    await one.beat(beat("r"));
    await there.redis.del(there.keys.shared.pulse);
    const { loss, news } = await one.beat(beat("r"));
    expect(news).toBe("found");
    expect(loss).toEqual({ until: expect.any(String), cause: "in-place" });
  });

  test("are reported for an hour", async () => {
    const there = setup();
    const one = there.replica();
    await one.beat(beat("r"));
    await restore(there, { beats: 0 });
    await one.beat(beat("r"));
    await there.redis.hset(there.keys.shared.pulse, "until", Date.now() - 3_540_000);
    expect(await one.beat(beat("r"))).toHaveProperty("loss");
    await there.redis.hset(there.keys.shared.pulse, "until", Date.now() - 3_601_000);
    expect(await one.beat(beat("r"))).not.toHaveProperty("loss");
  });
});

test("a restarted Redis with all its data counts as another Redis that lost nothing", async () => {
  const { url, prefix, stop, start } = await startOwnRedis();
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  redis.on("error", () => {});
  const one = createReplicas(redis, createKeys(prefix), HOLDS_MS);
  expect(await one.beat(beat("r"))).toMatchObject({ isOtherRedis: false });
  await stop();
  await start();
  const after = await one.beat(beat("r"));
  expect(after).toMatchObject({ isOtherRedis: true });
  expect(after).not.toHaveProperty("loss");
  expect(await one.beat(beat("r"))).toMatchObject({ isOtherRedis: false });
});

test("the cause of a data loss is found from the identity of the Redis that answers now", () => {
  const known: RedisIdentity = { runId: "a", replicationIds: ["x", "0"] };
  expect(causeOf(known, known)).toBe("in-place");
  expect(causeOf(known, { runId: "b", replicationIds: ["y", "x"] })).toBe("promoted");
  expect(causeOf(known, { runId: "b", replicationIds: ["y", "0"] })).toBe("restarted");
  expect(causeOf(undefined, known)).toBe("unknown");
});
