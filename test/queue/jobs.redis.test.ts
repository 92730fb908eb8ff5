import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Processor } from "../../src/core/processor.ts";
import { connect } from "../../src/queue/connection.ts";
import { startWorker } from "../../src/queue/worker.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis, pushInboxOnRedis } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";
import { eventOf } from "../worker/context.ts";

const log = pino({ level: "silent" });
const source = {
  name: "tencent-vod/1500000001",
  vendor: "tencent-vod",
  windowMs: 30_000,
  retentionMs: 4 * 86_400_000,
  batchSize: 16,
  maxCallsPerSecond: 1_000,
};
const HISTORY = { age: 3_600, count: 1_000 };
const { id: _id, ...DATA } = eventOf();

function setup(process: Processor["process"] = async () => ({ kind: "handled" })) {
  const { redis, url, keys } = setupRedis();
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  onTestFinished(() => inbox.close());
  return {
    inbox,
    pushInbox: pushInboxOnRedis({ redis, keys }),
    told: async () => await redis.xlen(keys.keysOf("").queue("events")),
    async stored(): Promise<unknown> {
      const [job] = await inbox.queue.getWaiting();
      return JSON.parse((await redis.hget(keys.keysOf("").job(job?.id ?? ""), "opts")) ?? "");
    },
    work() {
      const own = connect({ place: { prefix: "test", url }, name: "test", log, use: "worker" });
      const worker = startWorker({
        redis: own,
        queue: keys.queue,
        name: "test",
        concurrency: 32,
        processor: { process },
        crashes: { excuse: vi.fn() },
        log,
        meter: { count: vi.fn(), observe: vi.fn() },
        failed: vi.fn(),
      });
      onTestFinished(async () => {
        await worker.close(AbortSignal.timeout(2_000));
        own.disconnect();
      });
    },
  };
}

test("a job stores none of the options that all events share, pulled or pushed", async () => {
  const pulled = setup();
  await pulled.inbox.accept(source, await pulled.inbox.turn(source, "pull"), [delivery(source, "a")]);
  const pushed = setup();
  const event = { vendor: "v", source: "v", type: "Told", fingerprint: "f", bodyJson: "{}" };
  await pushed.pushInbox.push(event, 60_000, AbortSignal.timeout(10_000));

  for (const { stored } of [pulled, pushed])
    expect(await stored()).toEqual({ attempts: 20, jobId: expect.stringMatching(/^ev-/) });
});

test("a job that is read back has the options that it does not store", async () => {
  const { inbox } = setup();
  await inbox.queue.add("Told", DATA, { jobId: "a" });

  expect((await inbox.queue.getJob("a"))?.opts).toEqual({
    attempts: 20,
    jobId: "a",
    backoff: { type: "custom" },
    removeOnComplete: HISTORY,
    removeOnFail: false,
    stackTraceLimit: 3,
  });
});

test("a job waits between two attempts as long as the processor says", async () => {
  const { inbox, work } = setup(async () => ({ kind: "retry", error: new Error("not now"), afterMs: 60_000 }));
  await inbox.queue.add("Told", DATA, { jobId: "a" });

  work();

  await expect.poll(async () => await (await inbox.queue.getJob("a"))?.getState()).toBe("delayed");
  expect(await inbox.queue.getJob("a")).toMatchObject({ attemptsMade: 1, delay: 60_000 });
});

test("a parked job stays, with its last three errors, and a retry by hand runs it again", async () => {
  const messages = ["one", "two", "three", "four", "five"];
  const { inbox, work } = setup(async (_event, { number }) => {
    const error = new Error(messages[number - 1]);
    if (number > messages.length) return { kind: "handled" };
    return number === messages.length ? { kind: "parked", error } : { kind: "retry", error, afterMs: 1 };
  });
  await inbox.queue.add("Told", DATA, { jobId: "a" });
  const state = async () => await (await inbox.queue.getJob("a"))?.getState();

  work();

  await expect.poll(state).toBe("failed");
  const parked = await inbox.queue.getJob("a");
  expect(parked?.attemptsMade).toBe(5);
  expect(parked?.stacktrace?.map((stack) => stack.split("\n")[0])).toEqual(
    messages.slice(2).map((message) => expect.stringContaining(message)),
  );
  await parked?.retry("failed");
  await expect.poll(state).toBe("completed");
});

test("the last thousand finished jobs are kept, and few entries of BullMQ's event stream", async () => {
  const { inbox, work, told } = setup();
  await inbox.queue.addBulk(
    Array.from({ length: HISTORY.count + 5 }, (_, n) => ({ name: "Told", data: DATA, opts: { jobId: `e-${n}` } })),
  );

  work();

  const waiting = async () => await inbox.queue.getJobCountByTypes("waiting", "active");
  await expect.poll(waiting).toBe(0);
  expect(await inbox.queue.getCompletedCount()).toBe(HISTORY.count);
  expect(await told()).toBeLessThan(300);
});
