import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Processor } from "../../src/core/processor.ts";
import { sleep } from "../../src/core/sleep.ts";
import { connect } from "../../src/queue/connection.ts";
import { startWorker } from "../../src/queue/worker.ts";
import { delivery } from "../contracts/inbox-trial.ts";
import { inboxOnRedis, pushInboxOnRedis, takeIn } from "../support/redis-inbox.ts";
import { setupRedis, startOwnRedis } from "../support/redis.ts";
import { startProxy } from "../support/proxy.ts";
import { sourceTerms } from "../support/source-terms.ts";

test("a queue worker that starts while Redis is away takes jobs once Redis is there", async () => {
  const { url, keys, stop, start } = await startOwnRedis();
  const log = pino({ level: "silent" });
  await stop();
  const redis = connect({ place: { prefix: "test", url }, name: "test", log, use: "worker" });
  const process = vi.fn<Processor["process"]>(async () => ({ kind: "handled" }));
  const meter = { count: vi.fn(), observe: vi.fn() };
  const failed = vi.fn();
  const worker = startWorker({
    redis,
    queue: keys.queue,
    name: "test",
    concurrency: 1,
    processor: { process },
    crashes: { excuse: vi.fn() },
    log,
    meter,
    failed,
  });
  onTestFinished(async () => {
    await worker.close(AbortSignal.timeout(1_000));
    redis.disconnect();
  });
  await new Promise((resolve) => void redis.once("close", () => resolve(undefined)));

  await start();

  const commands = connect({ place: { prefix: "test", url }, name: "test", log, use: "command" });
  onTestFinished(() => commands.disconnect());
  const inbox = pushInboxOnRedis({ redis: commands, keys });
  const event = { vendor: "v", source: "v", type: "Told", fingerprint: "f", bodyJson: "{}" };
  await inbox.push(event, 1_000, AbortSignal.timeout(10_000));
  await vi.waitFor(() => expect(process).toHaveBeenCalledOnce());
  expect(failed).not.toHaveBeenCalled();
});

test("a postponed attempt is not counted and a failed one is, and the event's page shows both", async () => {
  const { keys, url, redis } = setupRedis();
  const log = pino({ level: "silent" });
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  const process = vi
    .fn<Processor["process"]>()
    .mockImplementationOnce(async (event) => {
      await inbox.ran(event, { lines: ["not ready"], progress: "5" });
      return { kind: "retry", error: new Error("not ready"), afterMs: 1, usesAttempt: false };
    })
    .mockResolvedValueOnce({ kind: "retry", error: new Error("broken"), afterMs: 1 })
    .mockResolvedValueOnce({ kind: "retry", error: new Error("not ready"), afterMs: 1, usesAttempt: false })
    .mockResolvedValueOnce({ kind: "parked", error: new Error("hopeless") });
  const own = connect({ place: { prefix: "test", url }, name: "test", log, use: "worker" });
  const worker = startWorker({
    redis: own,
    queue: keys.queue,
    name: "test",
    concurrency: 1,
    processor: { process },
    crashes: { excuse: vi.fn() },
    log,
    meter: { count: vi.fn(), observe: vi.fn() },
    failed: vi.fn(),
  });
  onTestFinished(async () => {
    await worker.close(AbortSignal.timeout(1_000));
    own.disconnect();
    await inbox.close();
  });
  const { id } = await takeIn(inbox, sourceTerms(), delivery(sourceTerms(), "f1"));

  await vi.waitFor(async () => expect(await inbox.queue.getFailedCount()).toBe(1));

  expect(process.mock.calls.map(([, { number }]) => number)).toEqual([1, 1, 2, 2]);
  const job = await inbox.queue.getJob(id);
  expect({ attempts: job?.attemptsMade, progress: job?.progress }).toEqual({ attempts: 2, progress: 5 });
  expect((await inbox.queue.getJobLogs(id)).logs).toEqual(["not ready"]);
});

test("a job starts as soon as it is fetched, however long Redis takes to give out the next ones", async () => {
  const activeAtStart: number[] = [];
  await farAway({
    jobs: 20,
    concurrency: 20,
    latencyMs: 200,
    process: async (_id, active) => activeAtStart.push(await active()),
  });

  await vi.waitFor(() => expect(activeAtStart).not.toEqual([]), { timeout: 30_000 });
  expect(activeAtStart[0]).toBeLessThan(20);
});

test("no job loses its lock while its process fetches others, however long Redis takes", async () => {
  const ran: string[] = [];
  const { meter } = await farAway({
    jobs: 60,
    concurrency: 30,
    latencyMs: 300,
    lockMs: 6_000,
    process: async (id) => {
      ran.push(id);
      await sleep(1_000);
    },
  });

  await vi.waitFor(() => expect(new Set(ran).size).toBe(60), { timeout: 60_000 });
  expect(ran).toHaveLength(60);
  expect(meter.count).not.toHaveBeenCalledWith("crashes", expect.anything());
  expect(meter.count).not.toHaveBeenCalledWith("locks_lost", expect.anything(), expect.anything());
});

type FarAway = {
  readonly jobs: number;
  readonly concurrency: number;
  readonly latencyMs: number;
  readonly lockMs?: number;
  /** `active`: how many jobs are fetched. */
  readonly process: (id: string, active: () => Promise<number>) => Promise<unknown>;
};

/** A queue worker that gets each answer of Redis this late, and finds jobs at its start. */
async function farAway({ jobs, concurrency, latencyMs, lockMs, process }: FarAway) {
  const { keys, url, redis } = setupRedis();
  const log = pino({ level: "silent" });
  const inbox = inboxOnRedis({ redis, keys, times: { graceMs: 15_000, callMs: 5_000 } });
  const proxy = await startProxy(new URL(url));
  for (let n = 0; n < jobs; n++) await takeIn(inbox, sourceTerms(), delivery(sourceTerms(), `f${n}`));
  const own = connect({ place: { prefix: "test", url: proxy.url.href }, name: "test", log, use: "worker" });
  proxy.slowDown(latencyMs);
  const meter = { count: vi.fn(), observe: vi.fn() };
  const active = (): Promise<number> => redis.llen(keys.keysOf("").queue("active"));
  const worker = startWorker({
    redis: own,
    queue: keys.queue,
    name: "test",
    concurrency,
    processor: { process: async ({ id }) => await process(id, active).then(() => ({ kind: "handled" as const })) },
    crashes: { excuse: vi.fn() },
    log,
    meter,
    failed: vi.fn(),
    lockMs,
  });
  onTestFinished(async () => {
    proxy.slowDown(0);
    await worker.close(AbortSignal.timeout(1_000));
    own.disconnect();
    await proxy.close();
    await inbox.close();
  });
  return { meter };
}
