import { UnrecoverableError, Worker, type Job } from "bullmq";
import type { Redis } from "ioredis";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { EventRef } from "../../src/core/event.ts";
import type { Delivery, SourceTerms } from "../../src/core/source.ts";
import { createInbox, type QueueOptions, type RedisInbox } from "../../src/queue/inbox.ts";
import { addCommonOptions, eventOf, type JobData } from "../../src/queue/jobs.ts";
import { createPushInbox, type RedisPushInbox } from "../../src/queue/push-inbox.ts";
import type { Keys } from "../../src/ledger/keys.ts";
import type { LedgerTimes } from "../../src/ledger/ledger.ts";
import type { PushLimits } from "../../src/ledger/waiting-pushes.ts";

const silent = pino({ level: "silent" });

export type InboxOnRedis = { readonly redis: Redis; readonly keys: Keys; readonly inbox: RedisInbox };

export function inboxOnRedis({
  redis,
  keys,
  times,
  maxWaiting = 1_000,
  ...limits
}: {
  redis: Redis;
  keys: Keys;
  times: LedgerTimes;
  maxWaiting?: number;
} & Pick<QueueOptions, "shards" | "limitsOf" | "mostHeld" | "subjectsOf" | "historyAs">): RedisInbox {
  return createInbox({ redis, keys, times, maxWaiting, ...limits, slack: 0, attempts: 20, log: silent });
}

/** Uses the inbox's connection. A separate one matters only while Redis is away. */
export function pushInboxOnRedis({
  redis,
  keys,
  maxWaiting = 1_000,
  maxWaitingBytes = 1_000_000_000,
}: Pick<InboxOnRedis, "redis" | "keys"> & Partial<PushLimits>): RedisPushInbox {
  return createPushInbox({ redis, keys, attempts: 20, limits: { maxWaiting, maxWaitingBytes }, log: silent });
}

/** Pulls an event that must be new to the inbox. `sent`: the time of the pull, by default now. */
export async function takeIn(
  inbox: Pick<RedisInbox, "accept" | "turn">,
  source: SourceTerms,
  one: Delivery,
  sent?: number,
): Promise<EventRef> {
  const { acceptances } = await inbox.accept(source, sent ?? (await inbox.turn(source, "pull")), [one]);
  const [added] = acceptances;
  if (added?.verdict !== "add") throw new Error("the event was not added");
  return { id: added.id, fingerprint: one.fingerprint, source: source.name };
}

/** A worker that takes a job only on request. It is closed after the test. */
export function workerByHand({ redis, keys }: Pick<InboxOnRedis, "redis" | "keys">, name?: string) {
  const connection = redis.duplicate({ maxRetriesPerRequest: null });
  const worker = new Worker<JobData, string>(keys.queue.name, null, {
    connection,
    prefix: keys.queue.prefix,
    ...(name !== undefined && { name }),
    settings: { backoffStrategy: () => 60_000 },
  });
  onTestFinished(async () => {
    await worker.close();
    connection.disconnect();
  });
  return {
    worker,
    connection,
    async next() {
      const job = await worker.getNextJob("test");
      if (!job) throw new Error("no job waits");
      return job;
    },
  };
}

/** Does to single jobs what a worker or an operator would do. */
export function jobsByHand({ redis, keys, inbox }: InboxOnRedis) {
  const connection = redis.duplicate({ maxRetriesPerRequest: null });
  const worker = new Worker<JobData, string>(keys.queue.name, undefined, {
    connection,
    prefix: keys.queue.prefix,
    autorun: false,
  });
  const states = ["wait", "active", "delayed", "failed", "completed"] as const;
  return {
    ids: async () => (await inbox.queue.getJobs([...states])).flatMap((job) => (job.id === undefined ? [] : [job.id])),
    startable: () => redis.lrange(keys.keysOf("").queue("wait"), 0, -1),
    async event(id: string) {
      const job = await inbox.queue.getJob(id);
      return job && eventOf(job);
    },
    async park(id: string) {
      await (await take(id)).moveToFailed(new UnrecoverableError("parked by a test"), "by-hand");
    },
    async page(id: string) {
      const [job, { logs }] = await Promise.all([inbox.queue.getJob(id), inbox.queue.getJobLogs(id)]);
      // BullMQ reports 0 if there is no progress.
      return { lines: logs, progress: job?.progress === 0 ? undefined : job?.progress };
    },
    async finish(id: string) {
      await (await take(id)).moveToCompleted("handled", "by-hand", false);
    },
    async retry(id: string) {
      await (await known(id)).retry("failed");
    },
    async remove(id: string) {
      await (await known(id)).remove();
    },
    async close() {
      await worker.close();
      connection.disconnect();
    },
  };

  async function known(id: string): Promise<Job<JobData, string>> {
    const job = await inbox.queue.getJob(id);
    if (!job) throw new Error(`no job ${id}`);
    return job;
  }

  /** Starts the job with this id. Jobs that come before it go back to waiting. */
  async function take(id: string): Promise<Job<JobData, string>> {
    const others: Job<JobData, string>[] = [];
    for (;;) {
      const job = await worker.getNextJob("by-hand", { block: false });
      if (!job) throw new Error(`job ${id} does not wait`);
      if (job.id === id) {
        for (const other of others) await other.moveToWait("by-hand");
        addCommonOptions(job);
        return job;
      }
      others.push(job);
    }
  }
}
