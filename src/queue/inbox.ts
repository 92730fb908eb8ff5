import { randomUUID } from "node:crypto";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { backoffMs } from "../core/backoff.ts";
import { eventId } from "../core/fingerprint.ts";
import { settledBefore, sleep } from "../core/sleep.ts";
import type { CallbackEvent, Door } from "../core/event.ts";
import type { HoldInbox, Inbox, PushInbox } from "../core/inbox.ts";
import type { Delivery } from "../core/source.ts";
import { createLedger, type Ledger, type LedgerTimes } from "../ledger/ledger.ts";

/** BullMQ's name of the queue: what bull-board shows. */
export const QUEUE_NAME = "events";

/** An event as its job keeps it: the id is the job's own. */
export type JobData = Omit<CallbackEvent, "id">;

/** History for the operator; nothing rests on it, the ledger knows what was handled. */
const HISTORY = { age: 3_600, count: 1_000 };

export type QueueOptions = {
  readonly redis: Redis;
  /** Operators' prefix; becomes the hash tag of every key. */
  readonly prefix: string;
  readonly times: LedgerTimes;
  /** Beyond this many waiting and delayed jobs new events stay at the vendor. */
  readonly maxWaiting: number;
  readonly attempts: number;
  readonly log: Logger;
};

export type RedisInbox = Inbox &
  PushInbox &
  HoldInbox & {
    readonly queue: Queue<JobData>;
    readonly ledger: Ledger;
    readonly keys: readonly [ledger: string, bull: string];
    close(): Promise<void>;
  };

export function createInbox({ redis, prefix, times, maxWaiting, attempts, log }: QueueOptions): RedisInbox {
  const keys = [`{${prefix}}:ledger:`, `{${prefix}}:${QUEUE_NAME}:`] as const;
  const ledger = createLedger(redis, keys, times);
  const queue = new Queue<JobData>(QUEUE_NAME, {
    connection: redis,
    prefix: `{${prefix}}`,
    skipVersionCheck: false,
    defaultJobOptions: {
      attempts,
      backoff: { type: "custom" },
      removeOnComplete: HISTORY,
      removeOnFail: false,
      stackTraceLimit: 3,
    },
  });
  queue.on("error", (err) => log.debug({ err }, "queue connection"));
  const closing = new AbortController();

  return {
    queue,
    ledger,
    keys,

    async turn(source, action) {
      const { now, waitMs } = await ledger.turn(`${source.vendor}:${action}`, source.maxCallsPerSecond);
      await sleep(waitMs, closing.signal);
      return now + waitMs;
    },

    async accept(source, sent, deliveries) {
      const { verdicts, owing } = await ledger.accept(source, sent, deliveries, maxWaiting);
      const receivedAt = new Date().toISOString();
      await addAll(
        verdicts.flatMap(({ verdict, id }, index) => {
          const delivery = deliveries[index];
          return verdict === "add" && delivery
            ? [toJob("pull", source.vendor, source.name, delivery, id, receivedAt)]
            : [];
        }),
      );
      const acceptances = verdicts.map(({ verdict, id, owed }) => {
        if (verdict === "skip") return { verdict };
        return verdict === "confirm" ? { verdict, id, owed } : { verdict, id };
      });
      return { acceptances, owing };
    },

    /** Reserved, added, noted: a crash between the steps is mended by the vendor's next try. */
    async push(event, memoryMs, signal) {
      const id = eventId(event.source, randomUUID(), event.fingerprint);
      const reserved = await before(signal, ledger.push(event.fingerprint, id, memoryMs));
      if (reserved.verdict === "known") return "known";
      const job = toJob("push", event.vendor, event.source, event, reserved.id, new Date().toISOString());
      await before(signal, queue.add(job.name, job.data, job.opts));
      await before(signal, ledger.pushed(event.fingerprint, reserved.id));
      return "add";
    },

    drained: (source, sent) => ledger.drained(source, sent),
    mark: (event, ran) => ledger.mark(event, ran),
    settle: (owed, outcome) => ledger.settle(owed, outcome),
    held: (event) => ledger.held(event),
    extended: (event, old, extended, sent) => ledger.extended(event, old, extended, sent),
    ran: async (id) => (await redis.hget(`${keys[1]}${id}`, "handlerSucceeded")) === "1",

    async close() {
      closing.abort();
      // In order it would wait for a Redis that is away; nothing of ours is under way any more.
      if (redis.status === "ready") await queue.close();
    },
  };

  /** The ledger has them already: repeat with the same ids until they are jobs. A crash here is mended by the redelivery. */
  async function addAll(jobs: Parameters<typeof queue.addBulk>[0]): Promise<void> {
    if (jobs.length === 0) return;
    for (let failures = 1; !closing.signal.aborted; failures++) {
      try {
        await queue.addBulk(jobs);
        return;
      } catch (err) {
        log.error({ err, jobs: jobs.length, failures }, "cannot add jobs, trying again");
        await sleep(backoffMs(failures, { minMs: 100, maxMs: 5_000 }), closing.signal);
      }
    }
  }
}

function toJob(
  door: Door,
  vendor: string,
  source: string,
  { type, fingerprint, body }: Omit<Delivery, "receipt">,
  id: string,
  receivedAt: string,
) {
  const data: JobData = { vendor, source, door, type, receivedAt, fingerprint, body };
  return { name: type, data, opts: { jobId: id } };
}

/** Commands wait while Redis is away; who pushes does not. What is given up here may still happen, without harm. */
async function before<T>(signal: AbortSignal, doing: Promise<T>): Promise<T> {
  if (await settledBefore(doing, signal)) return await doing;
  throw new Error("Redis did not answer in time");
}
