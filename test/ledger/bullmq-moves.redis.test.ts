/** `lua/move-jobs.lua` must complete and start jobs exactly as BullMQ does. These tests compare both. */
import type { Job } from "bullmq";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { addCommonOptions, type JobData, jobOptions } from "../../src/queue/jobs.ts";
import { moveTogether } from "../../src/queue/move-together.ts";
import { queueDataWithoutEvents } from "../support/queue-data.ts";
import { inboxOnRedis, workerByHand } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { eventOf } from "../worker/context.ts";

const { id: _id, ...DATA } = eventOf();
const RUNNING = ["ev-a", "ev-b", "ev-c"];
const NAME = "replica-1";
const LOCK_MS = 30_000;
const NOW = Date.UTC(2026, 0, 1, 12, 0, 0, 123);
const HOUR_MS = 3_600_000;

// Both sides write the time into each job, so the clock must stand still.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  return () => vi.useRealTimers();
});

test.for<[string, (side: Side) => Promise<unknown>]>([
  ["nothing waits", async () => {}],
  ["fewer wait", ({ add }) => add("ev-d", "ev-e")],
  ["more wait", ({ add }) => add("ev-d", "ev-e", "ev-f", "ev-g")],
  [
    "some are delayed, and one of them is due",
    async ({ queue }) => {
      await queue.add("Told", DATA, { jobId: "ev-due", delay: 1_000 });
      await queue.add("Told", DATA, { jobId: "ev-later", delay: 60_000 });
      vi.setSystemTime(NOW + 2_000);
    },
  ],
  ["one is due later", ({ queue }) => queue.add("Told", DATA, { jobId: "ev-later", delay: 60_000 })],
  [
    "some that are due, or wait, have a priority",
    async ({ queue }) => {
      await queue.add("Told", DATA, { jobId: "ev-first", priority: 2 });
      await queue.add("Told", DATA, { jobId: "ev-due", delay: 1_000, priority: 1 });
      vi.setSystemTime(NOW + 2_000);
    },
  ],
  [
    "one started before, and failed then",
    async ({ redis, key, add }) => {
      await add("ev-d");
      await redis.hset(key("ev-d"), { ats: 2, atm: 2, stc: 1, failedReason: "busy", stacktrace: "[]" });
    },
  ],
  [
    "the name of one has a character that separates fields",
    async ({ queue }) => {
      await queue.add("To\0ld", DATA, { jobId: "ev-d" });
    },
  ],
  [
    "the queue is paused",
    async ({ add, queue }) => {
      await add("ev-d");
      await queue.pause();
    },
  ],
  [
    "the queue has no free place",
    async ({ add, queue, redis, key }) => {
      await add("ev-d");
      await queue.setGlobalConcurrency(1);
      await redis.lpush(key("active"), "ev-other");
    },
  ],
  [
    "the queue is at its rate limit",
    async ({ add, queue, redis, key }) => {
      await add("ev-d");
      await queue.setGlobalRateLimit(1, 60_000);
      await redis.set(key("limiter"), 1, "PX", 60_000);
    },
  ],
  ["as many have been completed as are kept", (side) => side.fillHistory(NOW - 1_000)],
  ["some have been completed for too long", (side) => side.fillHistory(NOW - HOUR_MS - 500)],
  ["a look for stalled jobs has just begun", ({ redis, key }) => redis.sadd(key("stalled"), ...RUNNING)],
  ["the lock of one has run out", ({ redis, key }) => redis.del(key("ev-b:lock"))],
  ["another process has the lock of one", ({ redis, key }) => redis.set(key("ev-b:lock"), "other")],
  ["one was removed", ({ redis, key }) => redis.del(key("ev-b"))],
  ["one is not active any more", ({ redis, key }) => redis.lrem(key("active"), 1, "ev-b")],
  [
    "one has a parent that is gone, and one was deduplicated",
    async ({ redis, key, running: [, child, single] }) => {
      Object.assign(child ?? {}, { parentKey: "x:y:z" });
      Object.assign(single?.opts ?? {}, { deduplication: { id: "d" } });
      await redis.hset(key("ev-b"), "parentKey", "x:y:z");
      await redis.hset(key("ev-c"), "deid", "d");
      await redis.set(key("de:d"), "ev-c");
    },
  ],
])("ending and starting jobs together leaves the same state as BullMQ's single moves, when %s", async ([, prepare]) => {
  for (const how of ["endAndStart", "end", "start"] as const) {
    const [theirs, ours] = [await openSide(), await openSide("together")];
    for (const side of [theirs, ours]) {
      vi.setSystemTime(NOW);
      await prepare(side);
    }

    expect(await ours[how]()).toEqual(await theirs[how]());

    expect(await ours.data()).toEqual(await theirs.data());
  }
});

test("a job with a short history of its own ends as BullMQ ends it", async () => {
  const large = jobOptions(20, 4 * 1024 * 1024);
  const [theirs, ours] = [await openSide("alone", large), await openSide("together", large)];
  for (const side of [theirs, ours]) await side.fillHistory(NOW - 1_000);

  expect(await ours.endAndStart()).toEqual(await theirs.endAndStart());

  expect(await ours.queue.getCompletedCount()).toBe(4);
  expect(await ours.data()).toEqual(await theirs.data());
});

test("jobs that end in one turn of the event loop take one call, which also starts the next ones", async () => {
  const side = await openSide("together");
  await side.add("ev-d", "ev-e", "ev-f");
  const calls = vi.spyOn(side.connection, "evalsha");
  const bullmq = vi.spyOn(side.worker.backend, "execCommand");

  const next = await side.endAndStart();

  expect(next).toMatchObject([{ id: "ev-d" }, { id: "ev-e" }, { id: "ev-f" }]);
  expect(calls).toHaveBeenCalledOnce();
  expect(bullmq).not.toHaveBeenCalled();
});

test("a paused queue worker starts no more jobs when one ends", async () => {
  const side = await openSide("together");
  await side.add("ev-d");
  await side.worker.pause(true);

  expect(await side.endAndStart()).toEqual([NOTHING, NOTHING, NOTHING]);

  expect(await side.queue.getWaitingCount()).toBe(1);
});

test("ending jobs wakes other workers only if more jobs wait than start", async () => {
  const side = await openSide("together");
  await side.add("ev-d", "ev-e", "ev-f", "ev-g");
  await side.redis.del(side.key("marker"));

  await side.start();
  expect(await side.redis.zrange(side.key("marker"), 0, "-1", "WITHSCORES")).toEqual(["0", "0"]);
  await side.redis.del(side.key("marker"));
  await side.endAndStart();

  expect(await side.redis.exists(side.key("marker"))).toBe(0);
  expect(await side.queue.getActiveCount()).toBe(4);
});

const NOTHING = { id: undefined, job: undefined, isLimited: false, delay: 0 };

type Side = Awaited<ReturnType<typeof openSide>>;

/** A queue with running jobs. */
async function openSide(how: "alone" | "together" = "alone", options: ReturnType<typeof jobOptions> = {}) {
  const { redis, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  onTestFinished(() => inbox.close());
  const { queue } = inbox;
  const { worker, connection } = workerByHand({ redis, keys }, NAME);
  if (how === "together") moveTogether(worker, { redis: connection, name: NAME, lockMs: LOCK_MS });
  const key = keys.keysOf("").queue;
  const add = (...ids: readonly string[]) =>
    queue.addBulk(ids.map((jobId) => ({ name: "Told", data: DATA, opts: { jobId, ...options } })));
  await add(...RUNNING);
  const running: Job<JobData, string>[] = [];
  for (const id of RUNNING) {
    const job = await worker.getNextJob(`lock of ${id}`, { block: false });
    if (job?.id !== id) throw new Error(`${id} did not start`);
    addCommonOptions(job);
    running.push(job);
  }
  return {
    redis,
    queue,
    worker,
    connection,
    key,
    add,
    running,
    end: () => end(false),
    endAndStart: () => end(true),
    start: () => told(RUNNING.map((id) => worker.backend.moveToActive(`lock after ${id}`, NAME))),
    /** As many completed jobs as are kept, a millisecond apart. */
    async fillHistory(from: number): Promise<void> {
      const ids = Array.from({ length: 1_000 }, (_, n) => `old-${n}`);
      await redis.zadd(key("completed"), ...ids.flatMap((id, n) => [from + n, id]));
      for (const id of ids.slice(0, 5)) {
        await redis.hset(key(id), "name", "Told");
        await redis.rpush(key(`${id}:logs`), "a line");
      }
    },
    /** Markers are left out: BullMQ sets them even if nothing more waits. */
    async data(): Promise<unknown> {
      const { marker: _, ...data } = await queueDataWithoutEvents(redis, key(""));
      return data;
    },
  };

  async function end(starts: boolean): Promise<readonly unknown[]> {
    const ended = running.map(async (job) => await job.moveToCompleted("handled", `lock of ${job.id}`, starts));
    return await told(ended);
  }

  /** The result of each move, or its error. */
  async function told(moves: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
    return (await Promise.allSettled(moves)).map((one) => {
      if (one.status === "rejected") return String(one.reason).replaceAll(keys.queue.prefix, "");
      const [job, id, limit = 0, delay = 0] = Array.isArray(one.value) ? one.value : [];
      // The limit is the time that is left of it.
      return { id: job ? id : undefined, job: job ?? undefined, isLimited: limit > 0, delay };
    });
  }
}
