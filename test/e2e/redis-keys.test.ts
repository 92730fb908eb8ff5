import { expect, onTestFinished, test, vi } from "vitest";
import { sleep } from "../../src/core/sleep.ts";
import { rowOf } from "../documents/redis-keys.ts";
import { openEvents, press } from "../support/probes.ts";
import { keysUnder, setupRedis } from "../support/redis.ts";
import { setupDoors } from "../support/worker-process.ts";
import { TENCENT } from "../support/world.ts";

const DOORS = {
  "tencent-vod": TENCENT,
  "tencent-vod-push": {},
  "alibaba-mns": { visibilityMs: 2_000 },
  "alibaba-vod": {},
  zegocloud: {},
  "aws-sqs": {},
} as const;

test("a worker with every door leaves only documented keys in Redis, and temporary ones expire", async () => {
  const { redis, keys, ...keyspace } = setupRedis();
  const { publish, embed, phasesOf } = await setupDoors(DOORS, { redis: keyspace });
  const seen = new Map<string, number>();
  const look = async (): Promise<void> => {
    for (const key of await keysUnder(redis, keyspace.prefix)) {
      const ttl = await redis.pttl(key);
      // -2: the key is gone by now.
      if (ttl !== -2) seen.set(key, ttl);
    }
  };
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const looking = lookUntil(over.signal, look);
  const worker = await embed();
  for (const door of Object.keys(DOORS)) {
    publish(`${door} good`, { ms: 300 }, door);
    publish(`${door} late`, { failures: 1 }, door);
  }
  publish("hopeless", { permanent: true });
  for (const door of Object.keys(DOORS))
    await vi.waitFor(() => expect(phasesOf(`${door} late`)).toContain("success"), { timeout: 30_000 });
  const [parked] = await vi.waitFor(
    async () => {
      const open = await openEvents(worker);
      expect(open.map(({ state }) => state)).toContain("parked");
      return open.filter(({ state }) => state === "parked");
    },
    { timeout: 30_000 },
  );
  await press(worker, "discard", { id: parked?.id ?? "", reason: "a test" });
  over.abort();
  await looking;
  await look();

  const prefix = keys.queue.prefix;
  const told = [...seen].map(([key, ttl]) => ({
    key,
    ends: ttl >= 0,
    row: rowOf(key.replace(prefix, "{QUEUE_PREFIX}")),
  }));
  expect(told.filter(({ row }) => row === undefined).map(({ key }) => key)).toEqual([]);
  expect(told.filter(({ ends, row }) => ends !== row?.ends.startsWith("Expires")).map(({ key }) => key)).toEqual([]);
  expect(new Set(told.map(({ row }) => row?.name)).size).toBeGreaterThan(20);
});

async function lookUntil(over: AbortSignal, look: () => Promise<void>): Promise<void> {
  while (!over.aborted) {
    await look();
    await sleep(20, over);
  }
}
