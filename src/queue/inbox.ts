import type { Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { faded } from "../core/pace.ts";
import { sleep } from "../core/sleep.ts";
import type { HoldInbox, Inbox } from "../core/inbox.ts";
import type { LimitsOf } from "../core/limits.ts";
import type { Delivery, SourceTerms } from "../core/source.ts";
import type { SubjectsOf } from "../desk/subjects.ts";
import { createDesk } from "../ledger/desk.ts";
import type { Keys } from "../ledger/keys.ts";
import { createRan } from "../ledger/leave.ts";
import { createLifeWords, NO_HISTORY } from "../ledger/life-words.ts";
import { createLedger, type Ledger, type LedgerTimes, SkipReason } from "../ledger/ledger.ts";
import { createRoom, mostAdmitted, type RoomLimits } from "../ledger/room.ts";
import { redisTime } from "../ledger/redis-time.ts";
import type { JobData } from "./jobs.ts";
import { createQueues } from "./queues.ts";
import type { Shard } from "./shards.ts";

export type QueueOptions = RoomLimits & {
  readonly redis: Redis;
  readonly keys: Keys;
  /** Without them, all keys are where `redis` leads. */
  readonly shards?: readonly Pick<Shard, "redis" | "keys">[];
  readonly times: LedgerTimes;
  /** Whether Redis has no room for more. Then no new event is accepted. */
  readonly isFull?: () => boolean;
  readonly attempts: number;
  /** The limits of an event's handler. */
  readonly limitsOf?: LimitsOf;
  /** How many events may wait for the limits of one handler. */
  readonly mostHeld?: number;
  /** Finds the ids by which people search for an event. */
  readonly subjectsOf?: SubjectsOf;
  /** The name under which this replica writes the history. Without it no history is written. */
  readonly historyAs?: string | undefined;
  readonly log: Logger;
};

export type RedisInbox = Inbox &
  HoldInbox &
  ReturnType<typeof createDesk> & {
    /** Of the first shard. */
    readonly queue: Queue<JobData>;
    /** Of each shard. */
    readonly queues: readonly Queue<JobData>[];
    /** Looks in all shards. */
    getJob(id: string): Promise<Job<JobData> | undefined>;
    readonly ledger: Ledger;
    readonly keys: Keys;
    close(): Promise<void>;
  };

export function createInbox({
  redis,
  keys,
  shards = [{ redis, keys }],
  times,
  attempts,
  isFull = () => false,
  limitsOf = () => undefined,
  mostHeld = Number.MAX_SAFE_INTEGER,
  subjectsOf = () => [],
  historyAs,
  log,
  ...limits
}: QueueOptions): RedisInbox {
  const words = historyAs === undefined ? NO_HISTORY : createLifeWords(historyAs, subjectsOf);
  const ledger = createLedger(redis, keys, times, words);
  const desk = createDesk(redis, keys, times, words);
  const { queues, first: queue, getJob, closeAll } = createQueues(shards, keys, { attempts, log });
  const closing = new AbortController();
  const place = createRoom(redis, keys, limits, isFull);
  const most = mostAdmitted(limits);
  const uses = new Map<string, { readonly used: number; readonly at: number }>();

  return {
    queue,
    queues,
    getJob,
    ledger,
    keys,

    async turn(source, action) {
      const quota = quotaOf(source, action);
      const { now, waitMs, used } = await ledger.turn(quota, source.maxCallsPerSecond);
      uses.set(quota, { used, at: performance.now() });
      await sleep(waitMs, closing.signal);
      // Each primary has its own clock. The source's times are those of its shard.
      const there = keys.shardOf(source.name);
      return there === 0 ? now + waitMs : Math.floor(await redisTime(shards[there]?.redis ?? redis));
    },

    used(source, action) {
      const { used, at } = uses.get(quotaOf(source, action)) ?? { used: 0, at: 0 };
      return faded(used, performance.now() - at, 1_000);
    },

    place,

    async accept(source, sent, deliveries) {
      const now = new Date();
      const { verdicts, ...about } = await ledger.accept(source, sent, deliveries, isFull() ? 0 : most, {
        attempts,
        timestamp: now.getTime(),
        subjectsOf: ({ body }) => subjectsOf(source.vendor, body),
        dataOf: (delivery, subjects) => jobData(source, delivery, subjects, now),
        limitedOf: ({ type, body }) => limitsOf({ vendor: source.vendor, type }, () => body),
        mostHeld,
      });
      const acceptances = verdicts.map(({ verdict, id, confirmation }) => {
        if (verdict === "skip") return { verdict, why: SkipReason.parse(id) };
        return verdict === "confirm" ? { verdict, id, confirmation } : { verdict, id };
      });
      return { acceptances, ...about };
    },

    quiet: (source, pull) => ledger.quiet(source, pull),
    mark: (event, ran, ranForMs, left) => ledger.mark(event, ran, ranForMs, left),
    settle: (confirmation, outcome, unanswered) => ledger.settle(confirmation, outcome, unanswered),
    held: (event) => ledger.held(event),
    extending: (event) => ledger.extending(event),
    ...desk,
    extended: (event, old, extended, sent) => ledger.extended(event, old, extended, sent),
    ran: createRan(redis, keys, words),
    noteSuccess: (event, attempt) => ledger.noteSuccess(event, attempt),

    async succeededIn({ source, id }) {
      const attempt = await redis.hget(keys.keysOf(source).job(id), "succeededIn");
      return attempt === null ? undefined : Number(attempt);
    },

    async close() {
      closing.abort();
      await closeAll();
    },
  };
}

function quotaOf({ vendor }: SourceTerms, action: "pull" | "confirm"): string {
  return `${vendor}:${action}`;
}

function jobData(
  { vendor, name: source }: SourceTerms,
  { type, fingerprint, body }: Delivery,
  subjects: readonly string[],
  now: Date,
): string {
  const event = { vendor, source, door: "pull", type, receivedAt: now.toISOString(), fingerprint } as const;
  return JSON.stringify({ ...event, ...(subjects.length > 0 && { subjects }), body } satisfies JobData);
}
