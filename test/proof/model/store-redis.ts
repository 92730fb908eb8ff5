import { UnrecoverableError, Worker, type Job } from "bullmq";
import type { Redis } from "ioredis";
import { sleep } from "../../../src/core/sleep.ts";
import type { CallbackEvent } from "../../../src/core/event.ts";
import { createCrashes } from "../../../src/ledger/crashes.ts";
import { createStepStore } from "../../../src/ledger/steps.ts";
import { createGate, HELD_MS } from "../../../src/ledger/gate.ts";
import type { Keys } from "../../../src/ledger/keys.ts";
import type { RedisInbox } from "../../../src/queue/inbox.ts";
import { addCommonOptions, type JobData } from "../../../src/queue/jobs.ts";
import { inboxOnRedis } from "../../support/redis-inbox.ts";
import type { OpenStore } from "./play.ts";
import { travelling } from "./redis-client.ts";
import type { Answered, Standing, Taken } from "./store.ts";
import { SOURCE } from "./world.ts";

type Options = { readonly redis: Redis; readonly keys: Keys };
type RedisJob = Job<JobData, string>;

const START_MS = Date.UTC(2026, 0, 1);
const TIMES = { graceMs: 15_000, callMs: 5_000 };
/** Locks never run out by themselves, only when the model says so. */
const LOCK_MS = 3_600_000;

/** Does the same as BullMQ for a job whose lock ran out. KEYS: the queue's prefix. ARGV: id, lock */
const STALL = `
local lock = KEYS[1] .. ARGV[1] .. ':lock'
if redis.call('GET', lock) ~= ARGV[2] then return 0 end
redis.call('DEL', lock)
redis.call('SREM', KEYS[1] .. 'stalled', ARGV[1])
if redis.call('LREM', KEYS[1] .. 'active', 1, ARGV[1]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[1] .. ARGV[1], 'stc', 1)
redis.call('RPUSH', KEYS[1] .. 'wait', ARGV[1])
return 1`;

/** Carries the pause before the next attempt. */
class Retry extends Error {
  readonly afterMs: number;
  constructor(afterMs: number) {
    super("retry");
    this.afterMs = afterMs;
  }
}

/** The real inbox on a real Redis, with the model's clock. The model takes jobs itself. It plays one schedule at a time. */
export function storeOnRedis({ redis, keys }: Options): { readonly open: OpenStore; close(): Promise<void> } {
  const connection = redis.duplicate({ maxRetriesPerRequest: null });
  const worker = new Worker<JobData, string>(keys.queue.name, undefined, {
    connection,
    prefix: keys.queue.prefix,
    autorun: false,
    lockDuration: LOCK_MS,
    settings: { backoffStrategy: (_attempts, _type, err) => (err instanceof Retry ? err.afterMs : 0) },
  });
  const operator = inboxOnRedis({ redis, keys, times: TIMES });
  const own = keys.keysOf(SOURCE.name);

  const open: OpenStore = async ({ seen, maxWaiting, limitsOf, time }) => {
    await Promise.all([operator.queue.waitUntilReady(), worker.waitUntilReady()]);
    await empty();
    let ahead = START_MS;
    const now = (): number => Math.floor(time.now() + ahead);
    const inboxes: RedisInbox[] = [];
    const jobs = new Map<string, RedisJob>();
    const real = time.outside;

    return {
      connect(link) {
        const client = travelling(redis, { link, seen, now, real, standing });
        const inbox = inboxOnRedis({ redis: client, keys, times: TIMES, maxWaiting, limitsOf, historyAs: "model" });
        inboxes.push(inbox);
        return {
          ...inbox,
          async noteSuccess(event, attempt) {
            await inbox.noteSuccess(event, attempt);
            seen.noted(event, link);
          },
        };
      },
      gate: (link) => createGate(travelling(redis, { link, seen, now, real, standing }), keys),
      crashes: (link) => createCrashes(travelling(redis, { link, seen, now, real, standing }), keys),
      steps: (link) => createStepStore(travelling(redis, { link, seen, now, real, standing }), keys),
      async take(lock) {
        const job = await real(() => worker.getNextJob(lock, { block: false }));
        if (!job) return undefined;
        addCommonOptions(job);
        jobs.set(lock, job);
        const { attemptsStarted: start, stalledCounter: stalls } = job;
        const startAfterStall = stalls > 0 ? start : undefined;
        const attempt = { number: job.attemptsMade + 1, nth: start, startedBefore: start > 1, startAfterStall };
        return { event: toEvent(job), attempt, lock };
      },
      complete: async (job) => void (await real(() => of(job).moveToCompleted("handled", job.lock, false))),
      async delay(job, ms) {
        of(job).opts.attempts = of(job).attemptsMade + 2;
        await real(() => of(job).moveToFailed(new Retry(ms), job.lock));
        void sleep(ms + 1).then(seen.jobs);
      },
      async putOff(job, ms) {
        await real(() => of(job).moveToDelayed(Date.now() + ms, job.lock));
        void sleep(ms + 1).then(seen.jobs);
      },
      async hold(job, ms = HELD_MS) {
        await real(() => of(job).moveToDelayed(Date.now() + ms, job.lock));
        if (ms < HELD_MS) void sleep(ms + 1).then(seen.jobs);
      },
      park: async (job) => void (await real(() => of(job).moveToFailed(new UnrecoverableError("parked"), job.lock))),
      async giveBack(job) {
        await real(() => of(job).moveToWait(job.lock));
        seen.jobs();
      },
      async stall({ event, lock }) {
        const stalled = (await real(() => redis.eval(STALL, 1, own.queue(""), event.id, lock))) === 1;
        if (stalled) seen.jobs();
        return stalled;
      },
      async evict(id) {
        await real(async () => {
          const job = await operator.queue.getJob(id);
          if (await job?.isCompleted()) await job?.remove();
        });
      },
      async idleJobs() {
        return await real(async () => {
          const idle = await operator.queue.getJobs(["wait", "delayed", "failed", "completed"]);
          const carriers = await Promise.all(idle.map(({ id = "" }) => redis.hget(own.job(id), "carrier")));
          return idle.filter((_, index) => carriers[index] === null).map(toEvent);
        });
      },
      async retry(id) {
        await real(async () => retryOne(await operator.queue.getJob(id)));
        seen.jobs();
      },
      async retryAll() {
        const retried = await real(async () => {
          const idle = await operator.queue.getJobs(["failed", "delayed"]);
          await Promise.all(idle.map(retryOne));
          return idle.length;
        });
        if (retried > 0) seen.jobs();
      },
      remove: (id) =>
        real(async () => {
          const job = await operator.queue.getJob(id);
          return job
            ? await job.remove().then(
                () => true,
                () => false,
              )
            : false;
        }),
      jump: (ms) => void (ahead += ms),
      empty: () => real(empty),
      open: () =>
        real(async () => {
          const counts = await operator.queue.getJobCounts("wait", "active", "delayed", "failed");
          const unfinished = Object.values(counts).reduce((sum, count) => sum + count, 0);
          return { events: await redis.zcard(own.unconfirmed), jobs: unfinished };
        }),
      close: async () => void (await Promise.all(inboxes.map((inbox) => inbox.close()))),
    };

    async function standing({ id, fingerprint, receipt }: Answered): Promise<Standing> {
      const fields = await real(() => redis.hmget(own.event(fingerprint), "state", "id", "receipt", "returnsFrom"));
      const [state, knownId, knownReceipt, returnsFrom] = fields;
      if (state !== "handled" || knownId !== id) return "over";
      return knownReceipt === receipt && returnsFrom === "0" ? "dead" : "due";
    }

    function of({ lock }: Taken): RedisJob {
      const job = jobs.get(lock);
      if (!job) throw new Error(`no job was taken under ${lock}`);
      return job;
    }
  };

  return {
    open,
    async close() {
      await Promise.all([worker.close(), operator.close()]);
      connection.disconnect();
    },
  };

  async function empty(): Promise<void> {
    const known = await redis.keys(`${keys.queue.prefix}:*`);
    if (known.length > 0) await redis.del(known);
  }
}

async function retryOne(job: RedisJob | undefined): Promise<void> {
  if (await job?.isDelayed()) await job?.promote();
  else if (await job?.isFailed()) await job?.retry("failed");
}

function toEvent(job: RedisJob): CallbackEvent {
  return { id: job.id ?? "", ...job.data };
}
