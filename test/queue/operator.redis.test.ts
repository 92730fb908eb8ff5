import { UnrecoverableError } from "bullmq";
import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import { CANARY_ID } from "../../src/core/canary.ts";
import type { EventRef } from "../../src/core/event.ts";
import type { DueConfirmation } from "../../src/core/inbox.ts";
import { sleep } from "../../src/core/sleep.ts";
import { addCommonOptions } from "../../src/queue/jobs.ts";
import { createOperator } from "../../src/queue/operator.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { RecordingMeter } from "../support/recording.ts";
import { inboxOnRedis, pushInboxOnRedis, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { sourceTerms } from "../support/source-terms.ts";
import { eventOf } from "../worker/context.ts";

const source = sourceTerms();
const { id: _id, ...DATA } = eventOf();
const IN_ORDER = ["parked", "delayed", "handled", "running", "waiting"] as const;

function setup({ confirm = () => {} }: { readonly confirm?: (due: DueConfirmation) => void } = {}) {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  const { worker, next } = workerByHand({ redis, keys });
  onTestFinished(() => inbox.close());
  const meter = new RecordingMeter();
  const operator = createOperator({
    redis,
    inbox,
    sources: [source],
    maxWaiting: 1_000,
    confirm,
    log: pino({ level: "silent" }),
    meter,
  });
  const pushInbox = pushInboxOnRedis({ redis, keys });
  /** Pulls an event and parks its job, in a millisecond of its own. */
  async function park(content: string) {
    await sleep(2);
    const one = delivery(source, content);
    await inbox.accept(source, await inbox.turn(source, "pull"), [one]);
    const job = await next();
    await job.moveToFailed(new UnrecoverableError("hopeless"), "test");
    return { id: job.id ?? "", fingerprint: one.fingerprint, source: source.name };
  }
  /** Confirms a parked event, as `PARKED=confirm` does. */
  async function confirmParked(event: EventRef) {
    const { confirmation } = await inbox.mark(event, false);
    if (confirmation) await inbox.settle(confirmation, "confirmed");
  }
  return { redis, keys, inbox, pushInbox, worker, operator, meter, next, park, confirmParked };
}

test("each open event is listed and counted in the state that people see", async () => {
  const { inbox, operator, next } = setup();
  const deliveries = IN_ORDER.map((state) => delivery(source, state));
  const { acceptances } = await inbox.accept(source, await inbox.turn(source, "pull"), deliveries);
  const ids = acceptances.map((one) => (one.verdict === "add" ? one.id : ""));
  const [parked, delayed, handled] = [await next(), await next(), await next()];
  await next();
  await parked.moveToFailed(new UnrecoverableError("hopeless"), "test");
  addCommonOptions(delayed);
  delayed.opts.attempts = 2;
  await delayed.moveToFailed(new Error("not now"), "test");
  await inbox.mark({ id: handled.id ?? "", ...handled.data }, true);
  await handled.moveToCompleted("", "test", false);

  const seen = new Map((await operator.openEvents(10)).map(({ id, state }) => [id, state]));
  expect(ids.map((id) => seen.get(id))).toEqual(IN_ORDER);
  expect(await operator.queueStatus()).toMatchObject({ parked: 1, delayed: 1, running: 1, waiting: 1, completed: 1 });
});

test("the canary is in no count, waiting or running", async () => {
  const { inbox, operator, next } = setup();
  const none = { waiting: 0, running: 0, delayed: 0, parked: 0, completed: 0, paused: false };
  await inbox.queue.add(CANARY_ID, { ...DATA, type: CANARY_ID }, { jobId: CANARY_ID, removeOnComplete: true });
  expect(await operator.queueStatus()).toMatchObject(none);
  await inbox.queue.add("Told", DATA, { jobId: "event" });
  expect(await operator.queueStatus()).toMatchObject({ ...none, waiting: 1 });

  const canary = await next();
  expect(await operator.queueStatus()).toMatchObject({ ...none, waiting: 1 });
  await canary.moveToCompleted("", "test", false);
  expect(await operator.queueStatus()).toMatchObject({ ...none, waiting: 1 });
  expect(await operator.openEvents(10)).toEqual([]);
});

test("every failed job is listed, with whether its vendor still has the event", async () => {
  const { redis, keys, pushInbox, operator, next, park, confirmParked } = setup();
  const events = [
    await park("unconfirmed"),
    await park("due"),
    await park("confirmed"),
    await park("confirmed long ago"),
  ];
  const [, due, confirmed, long] = events;
  if (!due || !confirmed || !long) throw new Error("they were not parked");
  await redis.hset(keys.keysOf(source.name).event(due.fingerprint), "state", "handled");
  await confirmParked(confirmed);
  await confirmParked(long);
  await redis.del(keys.keysOf(source.name).event(long.fingerprint));
  const pushed = { vendor: "v", source: "v", type: "Told", fingerprint: "f", bodyJson: "{}" };
  await sleep(2);
  await pushInbox.push(pushed, 60_000, AbortSignal.timeout(10_000));
  await (await next()).moveToFailed(new UnrecoverableError("hopeless"), "test");

  const seen = await operator.openEvents(10);

  expect(seen.map(({ atVendor }) => atVendor)).toEqual(["unconfirmed", "due", "confirmed", "confirmed", "told"]);
  expect(seen.map(({ state, attempts, reason }) => ({ state, attempts, reason }))).toEqual(
    seen.map(() => ({ state: "parked", attempts: 1, reason: "hopeless" })),
  );
  expect(seen.map(({ id }) => id).slice(0, 4)).toEqual(events.map(({ id }) => id));
  expect(seen[4]).toMatchObject({ source: "v", type: "Told" });
});

test("an event without a record, older than its vendor's retention, counts as forgotten by the vendor", async () => {
  const { redis, keys, operator, park } = setup();
  const { id, fingerprint } = await park("f1");
  const { job, event } = keys.keysOf(source.name);
  const old = new Date(Date.now() - source.retentionMs - 1_000).toISOString();
  const data = await redis.hget(job(id), "data");
  await redis.hset(job(id), "data", data?.replace(/"receivedAt":"[^"]+"/, `"receivedAt":"${old}"`) ?? "");
  expect((await operator.openEvents(10))[0]?.atVendor, "its record is there").toBe("unconfirmed");
  await redis.del(event(fingerprint));
  expect((await operator.openEvents(10))[0]).toMatchObject({ id, atVendor: "forgotten", firstSeen: old });
});

test("a long list of failed jobs is read page by page and without bodies", async () => {
  const { redis, keys, operator } = setup();
  const { job, queue } = keys.keysOf(source.name);
  const body = "x".repeat(300_000);
  for (let n = 0; n < 30; n++) {
    const about = { vendor: "v", source: "v", door: "push", type: "Told", receivedAt: new Date(n).toISOString() };
    const data = JSON.stringify({ ...about, fingerprint: `f${n}`, body: { body } });
    await redis.hset(job(`ev-${n}`), { name: "Told", data, timestamp: String(n), failedReason: "hopeless", atm: "20" });
    await redis.zadd(queue("failed"), n, `ev-${n}`);
  }
  const read = vi.spyOn(redis, "hmget");

  const seen = await operator.openEvents(25);

  expect(seen.map(({ id }) => id)).toEqual(Array.from({ length: 25 }, (_, n) => `ev-${n}`));
  expect(JSON.stringify(seen).length).toBeLessThan(10_000);
  expect(read).not.toHaveBeenCalled();
});

test("a job that the worker did not add is listed and can be discarded", async () => {
  const { redis, keys, inbox, operator } = setup();
  const { job, queue } = keys.keysOf(source.name);
  await inbox.queue.waitUntilReady();
  await redis.hset(job("stray"), { name: "?", data: "{}", timestamp: "1000", opts: "{}" });
  await redis.zadd(queue("failed"), 1, "stray");

  expect(await operator.openEvents(10)).toEqual([
    {
      id: "stray",
      source: "?",
      type: "?",
      state: "parked",
      atVendor: "forgotten",
      firstSeen: new Date(1_000).toISOString(),
      attempts: 0,
    },
  ]);
  expect(await operator.discard("stray", "nobody knows it")).toBe(true);
  expect(await operator.openEvents(10)).toEqual([]);
});

test("each failed job can be discarded and is counted, and an already confirmed event is not confirmed again", async () => {
  const confirm = vi.fn<(due: DueConfirmation) => void>();
  const { operator, meter, park, confirmParked } = setup({ confirm });
  const [held, confirmed] = [await park("held"), await park("confirmed")];
  await confirmParked(confirmed);

  expect(await operator.discard(confirmed.id, "seen")).toBe(true);
  expect(confirm).not.toHaveBeenCalled();
  expect(await operator.discard(held.id, "seen")).toBe(true);
  expect(await operator.discard(held.id, "pressed twice")).toBe(false);

  expect(confirm.mock.calls.map(([due]) => due.id)).toEqual([held.id]);
  expect(meter.total("dropped")).toBe(2);
  expect(await operator.openEvents(10)).toMatchObject([{ id: held.id, state: "handled", atVendor: "due" }]);
});

test("a parked event that was confirmed can be retried", async () => {
  const { operator, next, park, confirmParked } = setup();
  const event = await park("f1");
  await confirmParked(event);
  expect(await operator.retry(event.id)).toBe(true);
  expect(await operator.retry(event.id), "pressed twice").toBe(false);
  expect((await next()).id).toBe(event.id);
});

test("a handled event without a job can be ended", async () => {
  const { inbox, operator, meter, next } = setup();
  await inbox.accept(source, await inbox.turn(source, "pull"), [delivery(source, "f1"), delivery(source, "f2")]);
  const [job, other] = [await next(), await next()];
  for (const one of [job, other]) await inbox.mark({ id: one.id ?? "", ...one.data }, true);
  await job.moveToCompleted("", "test", false);
  await job.remove();
  const id = job.id ?? "";

  expect(await operator.end("ev-unknown", "seen")).toBe(false);
  expect(await operator.end(id, "the vendor has it no more")).toBe(true);
  expect(await operator.end(id, "pressed twice")).toBe(false);

  expect(meter.total("dropped")).toBe(1);
  expect((await operator.openEvents(10)).map((event) => event.id)).toEqual([other.id]);
  expect(await operator.end(other.id ?? "", "its job is there")).toBe(true);
});
