import { expect, test } from "vitest";
import { createSweep } from "../../src/ledger/sweep.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";

const times = { graceMs: 50, callMs: 20 };
const source = {
  name: "tencent-vod",
  vendor: "tencent-vod",
  windowMs: 50,
  retentionMs: 100,
  batchSize: 16,
  maxCallsPerSecond: 1_000,
};
const DAY_MS = 24 * 3_600_000;

test("a handled event that its vendor has forgotten ends as confirmed, and nothing else does", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times });
  const sweep = createSweep(redis, keys, times.graceMs);
  const lists = keys.keysOf(source.name);
  const [handled, pending] = [delivery(source, "handled"), delivery(source, "pending")];
  const sent = await inbox.turn(source, "pull");
  const { acceptances } = await inbox.accept(source, sent, [handled, pending]);
  const [first] = acceptances;
  if (first?.verdict !== "add") throw new Error("the event was not added");
  const event = { id: first.id, fingerprint: handled.fingerprint, source: source.name };
  await inbox.mark(event, true);

  expect(await sweep({ ...source, retentionMs: DAY_MS })).toBe(0);
  expect(await redis.zcard(lists.handled)).toBe(1);
  await expect.poll(() => sweep(source), { timeout: 5_000 }).toBe(1);

  expect(await redis.zrange(lists.handled, 0, "-1")).toEqual([]);
  expect(await redis.zrange(lists.unconfirmed, 0, "-1")).toEqual([pending.fingerprint]);
  expect(await inbox.mark(event, true)).toEqual({ stored: false });
  await inbox.close();
});

test("what points to records that are gone is dropped", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times });
  const lists = keys.keysOf(source.name);
  const one = delivery(source, "f1");
  await inbox.accept(source, await inbox.turn(source, "pull"), [one]);
  await redis.del(lists.event(one.fingerprint));

  expect(await createSweep(redis, keys, times.graceMs)(source)).toBe(0);

  expect(await redis.exists(lists.unconfirmed, lists.handled, lists.receipts)).toBe(0);
  await inbox.close();
});
