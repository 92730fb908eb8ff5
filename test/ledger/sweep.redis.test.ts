import { expect, onTestFinished, test } from "vitest";
import type { Delivery } from "../../src/core/source.ts";
import { createSweep } from "../../src/ledger/sweep.ts";
import { again, delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis, takeIn } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";

// The grace is long, since a busy machine is slow and an answer after the grace is ignored.
const times = { graceMs: 1_000, callMs: 20 };
const DAY_MS = 24 * 3_600_000;
const source = sourceTerms({ windowMs: 50, retentionMs: 100 });
/** The same source with a long window, for events that must be accepted even on a slow machine. */
const patient = sourceTerms({ windowMs: 60_000, retentionMs: DAY_MS });

test("a handled event that its vendor has forgotten ends as confirmed", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times });
  const sweep = createSweep(redis, keys, times.graceMs);
  const lists = keys.keysOf(source.name);
  const handled = delivery(source, "handled");
  const sent = await inbox.turn(source, "pull");
  const event = await takeIn(inbox, source, handled, sent);
  await inbox.mark(event, true);

  expect(await sweep({ ...source, retentionMs: DAY_MS })).toEqual({ ended: 0, forgotten: 0 });
  expect(await sweep({ ...source, longestRetentionMs: DAY_MS })).toEqual({ ended: 0, forgotten: 0 });
  expect(await redis.zcard(lists.handled)).toBe(1);
  await expect.poll(async () => (await sweep(source)).ended).toBe(1);

  expect(await redis.zrange(lists.handled, 0, "-1")).toEqual([]);
  expect(await inbox.mark(event, true)).toEqual({ stored: false });
  await inbox.close();
});

test("a sweep drops entries that point to missing records", async () => {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times, historyAs: "host:1" });
  const lists = keys.keysOf(source.name);
  const one = delivery(source, "f1");
  await inbox.accept(source, await inbox.turn(source, "pull"), [one]);
  expect(await redis.hkeys(lists.lives)).toEqual([one.fingerprint]);
  await redis.del(lists.event(one.fingerprint));

  expect(await createSweep(redis, keys, times.graceMs)(source)).toEqual({ ended: 0, forgotten: 0 });

  expect(await redis.exists(lists.unconfirmed, lists.handled, lists.receipts, lists.lives)).toBe(0);
  await inbox.close();
});

/** An accepted event that can be made older than its vendor's retention. */
async function old() {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times });
  onTestFinished(() => inbox.close());
  const sweep = createSweep(redis, keys, times.graceMs);
  const lists = keys.keysOf(source.name);
  const one = delivery(source, "f1");
  const accept = async (next: Delivery) => {
    const { acceptances } = await inbox.accept(patient, await inbox.turn(patient, "pull"), [next]);
    return acceptances[0];
  };
  const event = await takeIn(inbox, patient, one);
  /** Makes the event so old that its window has closed. */
  const longAgo = async () => {
    await redis.zadd(lists.unconfirmed, 1_000, one.fingerprint);
    await redis.hset(lists.event(one.fingerprint), { openUntil: 1_000, closedFrom: 1_000, returnsFrom: 1_000 });
  };
  const forgotten = async () => await redis.zrange(lists.forgotten, 0, "-1");
  return { redis, inbox, sweep, lists, one, accept, event, longAgo, forgotten };
}

test("a pending event that its vendor has forgotten keeps its job, and is reported once", async () => {
  const { redis, inbox, sweep, lists, event, longAgo, forgotten } = await old();
  await longAgo();

  expect(await sweep(source)).toEqual({ ended: 0, forgotten: 1 });
  expect(await sweep(source)).toEqual({ ended: 0, forgotten: 0 });

  expect(await redis.exists(lists.event(event.fingerprint), lists.unconfirmed, lists.receipts)).toBe(0);
  expect(await forgotten()).toEqual([event.id]);
  expect(await inbox.queue.getJobState(event.id)).toBe("waiting");
});

test("an event that still comes back is not forgotten, however old it is", async () => {
  const { redis, sweep, lists, one, accept, longAgo } = await old();
  await longAgo();
  expect(await accept(again(one))).toMatchObject({ verdict: "renew" });

  expect(await sweep({ ...source, windowMs: 60_000 })).toEqual({ ended: 0, forgotten: 0 });
  expect(await redis.zrange(lists.unconfirmed, 0, "-1")).toEqual([one.fingerprint]);
});

test("a delivery of an event that its vendor had forgotten is a new event", async () => {
  const { sweep, one, accept, event, longAgo } = await old();
  await longAgo();
  await sweep(source);

  const back = await accept(again(one));

  expect(back?.verdict).toBe("add");
  expect(back).not.toMatchObject({ id: event.id });
});

test("a forgotten event whose handler succeeds confirms nothing, and is no longer counted", async () => {
  const { inbox, sweep, event, longAgo, forgotten } = await old();
  await longAgo();
  await sweep(source);

  expect(await inbox.mark(event, true)).toEqual({ stored: false });
  expect(await inbox.ran(event)).toBe(true);
  await (await inbox.queue.getJob(event.id))?.remove();
  await sweep(source);
  expect(await forgotten()).toEqual([]);
});

test("a forgotten event that is discarded is no longer counted, and nothing is confirmed", async () => {
  const { inbox, sweep, event, longAgo, forgotten } = await old();
  await longAgo();
  await sweep(source);

  expect(await inbox.discard(event)).toEqual({ outcome: "removed" });
  expect(await forgotten()).toEqual([]);
});

test("an event whose job completed counts as handled once it stays away, though the note of its success was lost", async () => {
  const { redis, inbox, sweep, lists, one, accept, event, longAgo } = await old();
  await longAgo();
  await redis.lrem(lists.queue("wait"), 1, event.id);
  await redis.zadd(lists.queue("completed"), Date.now(), event.id);
  const young = { ...source, retentionMs: Date.now() };

  expect(await sweep(young)).toEqual({ ended: 0, forgotten: 0 });

  expect(await redis.zrange(lists.handled, 0, "-1")).toEqual([one.fingerprint]);
  const look = async () =>
    await inbox.quiet(source, { pull: "p", sent: await inbox.turn(source, "pull"), isEmpty: true });
  await expect.poll(look).toBe(1);
  expect(await redis.exists(lists.unconfirmed, lists.handled, lists.receipts)).toBe(0);
  // A pull that was sent in the millisecond of the confirmation may have brought it from before.
  await expect
    .poll(async () => (await accept(again(one)))?.verdict, { message: "it comes back after all" })
    .toBe("add");
});

test("an event whose job completed is confirmed without a run if it returns after a sweep", async () => {
  const { redis, sweep, lists, one, accept, event, longAgo } = await old();
  await longAgo();
  await redis.lrem(lists.queue("wait"), 1, event.id);
  await redis.zadd(lists.queue("completed"), Date.now(), event.id);
  await sweep({ ...source, retentionMs: Date.now() });

  expect(await accept(again(one))).toMatchObject({ verdict: "confirm", id: event.id });
});

test("a pending event that stays away and has no job any more is dropped, and a return is a new event", async () => {
  const { redis, inbox, sweep, lists, one, accept, event, longAgo } = await old();
  const young = { ...source, retentionMs: Date.now() };
  await (await inbox.queue.getJob(event.id))?.remove();
  await sweep(young);
  expect(await redis.zrange(lists.unconfirmed, 0, "-1"), "it may still come back").toEqual([one.fingerprint]);
  await longAgo();

  expect(await sweep(young)).toEqual({ ended: 0, forgotten: 0 });

  expect(await redis.exists(lists.event(one.fingerprint), lists.unconfirmed, lists.receipts)).toBe(0);
  expect(await accept(again(one))).toMatchObject({ verdict: "add" });
});

test("a pending event that stays away is kept while its job waits, runs or is parked", async () => {
  const { redis, sweep, lists, one, event, longAgo } = await old();
  const young = { ...source, retentionMs: Date.now() };
  const open = async () => await redis.zrange(lists.unconfirmed, 0, "-1");
  await longAgo();
  await sweep(young);
  expect(await open()).toEqual([one.fingerprint]);
  await redis.set(lists.lock(event.id), "a worker");
  await redis.del(lists.job(event.id));
  await sweep(young);
  expect(await open(), "its job runs").toEqual([one.fingerprint]);
  await redis.hset(lists.job(event.id), { name: one.type, data: "{}" });
  await redis.lrem(lists.queue("wait"), 1, event.id);
  await redis.zadd(lists.queue("failed"), Date.now(), event.id);
  await sweep(young);
  expect(await open()).toEqual([one.fingerprint]);
  expect(await redis.zrange(lists.handled, 0, "-1")).toEqual([]);
});
