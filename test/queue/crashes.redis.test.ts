import { Worker, type Job } from "bullmq";
import { once } from "node:events";
import { pino } from "pino";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { CrashCount } from "../../src/core/isolation.ts";
import type { Attempt, Processor } from "../../src/core/processor.ts";
import type { CallbackEvent } from "../../src/core/event.ts";
import { createCrashes } from "../../src/ledger/crashes.ts";
import { connect } from "../../src/queue/connection.ts";
import type { JobData } from "../../src/queue/jobs.ts";
import { startWorker } from "../../src/queue/worker.ts";
import { type CrashesSetup, crashesContract, type StartedJob } from "../contracts/crashes.ts";
import { pushInboxOnRedis } from "../support/redis-inbox.ts";
import { setupRedis } from "../support/redis.ts";

const log = pino({ level: "silent" });
const told = { vendor: "v", source: "v", type: "Told", fingerprint: "f", bodyJson: "{}" };
/** Workers renew the lock after each quarter of this time. */
const LOCK_MS = 800;

describe("the count of crashes on Redis", () => crashesContract(setupByHand));

async function setupByHand(): ReturnType<CrashesSetup> {
  const { redis, keys } = setupRedis();
  const own = keys.keysOf("v");
  const worker = new Worker<JobData, string>(keys.queue.name, undefined, {
    connection: redis.duplicate({ maxRetriesPerRequest: null }),
    prefix: keys.queue.prefix,
    autorun: false,
    settings: { backoffStrategy: () => 0 },
  });
  onTestFinished(() => worker.close());
  await pushInboxOnRedis({ redis, keys }).push(told, 60_000, AbortSignal.timeout(10_000));
  const taken = new Map<string, Job<JobData, string>>();
  return {
    crashes: createCrashes(redis, keys),
    async take() {
      const lock = `lock ${taken.size}`;
      const job = await worker.getNextJob(lock, { block: false });
      if (!job) throw new Error("no job waits");
      taken.set(lock, job);
      const event = { id: job.id ?? "", ...job.data };
      return { start: { event, attempt: job.attemptsMade + 1, start: job.attemptsStarted }, lock };
    },
    async stall({ start: { event } }: StartedJob) {
      await redis.del(own.lock(event.id), own.queue("stalled-check"));
      await redis.sadd(own.queue("stalled"), event.id);
      const stalled = once(worker, "stalled");
      await worker.startStalledCheckTimer();
      await stalled;
    },
    async fail({ lock }) {
      const job = taken.get(lock);
      if (!job) throw new Error(`no job was taken under ${lock}`);
      job.opts.attempts = 9;
      await job.moveToFailed(new Error("no"), lock);
      await vi.waitFor(async () => expect(await redis.llen(own.queue("wait"))).toBe(1));
    },
  };
}

/** Workers with short locks. Handlers of the first job never end. */
async function setupWorkers() {
  const { url, redis, keys } = setupRedis();
  const crashes = createCrashes(redis, keys);
  await pushInboxOnRedis({ redis, keys }).push(told, 60_000, AbortSignal.timeout(10_000));

  function start() {
    const connection = connect({ place: { prefix: "test", url }, name: "test", log, use: "worker" });
    const process = vi.fn<Processor["process"]>(() => new Promise(() => {}));
    const worker = startWorker({
      redis: connection,
      queue: keys.queue,
      name: "test",
      concurrency: 1,
      processor: { process },
      crashes,
      log,
      meter: { count: vi.fn(), observe: vi.fn() },
      failed: vi.fn(),
      lockMs: LOCK_MS,
    });
    onTestFinished(async () => {
      await worker.close(AbortSignal.abort());
      connection.disconnect();
    });
    return { process, started: () => startOf(process), vanish: () => connection.disconnect() };
  }

  async function count({ event, attempt }: { event: CallbackEvent; attempt: Attempt }): Promise<CrashCount> {
    return await crashes.count({ event, attempt: attempt.number, start: attempt.startAfterStall ?? 0 });
  }

  return { redis, keys, start, count };
}

async function startOf(process: Processor["process"] & { mock: { calls: [CallbackEvent, Attempt][] } }) {
  await vi.waitFor(() => expect(process.mock.calls).toHaveLength(1));
  const [event, attempt] = process.mock.calls[0] ?? [];
  if (!event || !attempt) throw new Error("nothing was started");
  return { event, attempt };
}

test("a killed process counts as a crash, which the job's next start sees", async () => {
  const { start, count } = await setupWorkers();
  const first = start();
  expect((await first.started()).attempt).toEqual({ number: 1, nth: 1, startedBefore: false });
  first.vanish();

  const second = await start().started();

  expect(second.attempt).toEqual({ number: 1, nth: 2, startedBefore: true, startAfterStall: 2 });
  expect(await count(second)).toEqual({ crashes: 1, alone: 0 });
});

test("a lost lock of a living process is not counted as a crash, even if another process took the job", async () => {
  const { redis, keys, start, count } = await setupWorkers();
  const { event } = await start().started();
  // The lock is lost, as after a pause of the process or of Redis.
  await redis.set(keys.keysOf("v").lock(event.id), "lost", "PX", 1);

  const second = await start().started();

  expect(second.attempt.startAfterStall).toBe(2);
  await vi.waitFor(async () => expect(await count(second)).toEqual({ crashes: 0, alone: 0 }));
});

test("a handler that blocks its process for longer than the lock is not counted as a crash", async () => {
  const { start, count } = await setupWorkers();
  const first = start();
  first.process.mockImplementation(async () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * LOCK_MS);
    throw new Error("and fails");
  });

  await vi.waitFor(() => expect(first.process).toHaveBeenCalled());

  const second = start();
  const calls = () => [...first.process.mock.calls, ...second.process.mock.calls];
  await vi.waitFor(() => expect(calls().length).toBeGreaterThan(1));

  const [event, attempt] = calls().at(-1) ?? [];
  if (!event || !attempt) throw new Error("nothing was started");
  await vi.waitFor(async () => expect(await count({ event, attempt })).toEqual({ crashes: 0, alone: 0 }));
});
