import { ErrorCode } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { z } from "zod";
import type { OpenState } from "../core/event-states.ts";
import type { DueConfirmation } from "../core/inbox.ts";
import type { Meter } from "../core/meter.ts";
import type { SourceKeys } from "../ledger/keys.ts";
import { RECORD_STATES } from "../ledger/states.ts";
import type { RedisInbox } from "./inbox.ts";

export type OperatorOptions = {
  readonly redis: Redis;
  readonly inbox: RedisInbox;
  /** The names of those that are configured. */
  readonly sources: readonly string[];
  readonly maxWaiting: number;
  readonly confirm: (confirmation: DueConfirmation) => void;
  readonly log: Logger;
  readonly meter: Meter;
};

export type SourceCounts = {
  readonly unconfirmed: number;
  readonly handled: number;
  readonly oldestUnconfirmedMs?: number;
};

export type Operator = ReturnType<typeof createOperator>;

const DISCARDED = {
  "given up": "discarded by hand, confirmed without success",
  removed: "discarded by hand; nothing is due to its vendor",
} as const;

const TOO_LATE: ReadonlySet<unknown> = new Set([ErrorCode.JobNotExist, ErrorCode.JobNotInState]);

const Members = z.array(z.string());
const Fields = z.array(z.string().nullable());
const RecordFields = z.tuple([z.enum(RECORD_STATES).nullable(), z.string().nullable(), z.string().nullable()]);

/** What a person sees of the ledger and the queue, and the two things a person may do to an event. */
export function createOperator({ redis, inbox, sources, maxWaiting, confirm, log, meter }: OperatorOptions) {
  const { keysOf, shared } = inbox.keys;

  return { knownSources, counts, queueStatus, openEvents, discard, retry };

  async function queueStatus() {
    const [numbers, paused] = await Promise.all([
      inbox.queue.getJobCounts("wait", "active", "delayed", "failed", "completed"),
      inbox.queue.isPaused(),
    ]);
    const count = (state: string): number => numbers[state] ?? 0;
    return {
      waiting: count("wait"),
      running: count("active"),
      delayed: count("delayed"),
      parked: count("failed"),
      completed: count("completed"),
      paused,
      maxWaiting,
    };
  }

  /** Also those that are no longer configured. */
  async function knownSources(): Promise<readonly string[]> {
    return [...new Set([...sources, ...Members.parse(await redis.smembers(shared.sources))])];
  }

  async function counts(source: string): Promise<SourceCounts> {
    const lists = keysOf(source);
    const [unconfirmed, handled, [oldest], [seconds]] = await Promise.all([
      redis.zcard(lists.unconfirmed),
      redis.zcard(lists.handled),
      redis.zrange(lists.unconfirmed, 0, "0"),
      redis.time(),
    ]);
    const first = oldest === undefined ? null : await redis.zscore(lists.unconfirmed, oldest);
    if (first === null) return { unconfirmed, handled };
    return { unconfirmed, handled, oldestUnconfirmedMs: Math.max(0, Number(seconds) * 1_000 - Number(first)) };
  }

  /** Oldest first. */
  async function openEvents(limit: number) {
    const lists = await Promise.all(
      (await knownSources()).map(async (source) => {
        const fingerprints = Members.parse(await redis.zrange(keysOf(source).unconfirmed, 0, String(limit - 1)));
        return await Promise.all(fingerprints.map((fingerprint) => openEvent(source, fingerprint)));
      }),
    );
    const pulled = lists.flat().filter((event) => event !== undefined);
    const known = new Set(pulled.map(({ id }) => id));
    const pushed = (await parkedPushes(limit)).filter(({ id }) => !known.has(id));
    return [...pulled, ...pushed].toSorted((a, b) => a.firstSeen.localeCompare(b.firstSeen)).slice(0, limit);
  }

  /** Pushed events have no record in the ledger, unless they are pulled too: their vendors heard 200. Those that failed for good still want a person. */
  async function parkedPushes(limit: number) {
    const jobs = await inbox.queue.getJobs(["failed"], 0, limit - 1, true);
    return jobs
      .filter(({ data }) => data.door === "push")
      .map((job) => ({
        id: job.id ?? "",
        source: job.data.source,
        type: job.name,
        state: "parked" as const,
        firstSeen: job.data.receivedAt,
        attempts: job.attemptsMade,
        reason: job.failedReason,
      }));
  }

  async function openEvent(source: string, fingerprint: string) {
    const keys = keysOf(source);
    const record = await redis.hmget(keys.event(fingerprint), "state", "id", "firstSeen");
    const [state, id, firstSeen] = RecordFields.parse(record);
    if (!state || !id || !firstSeen) return undefined;
    const [job, jobState] = await Promise.all([
      redis.hmget(keys.job(id), "name", "failedReason", "atm"),
      stateOfJob(keys, id),
    ]);
    const [name, reason, attempts] = Fields.parse(job);
    return {
      id,
      source,
      type: name ?? "?",
      state: state === "handled" ? state : jobState,
      firstSeen: new Date(Number(firstSeen)).toISOString(),
      attempts: Number(attempts ?? 0),
      ...(reason ? { reason } : {}),
    };
  }

  /**
   * Gives an event up by hand: its job goes, and its receipt is confirmed now or at its next delivery. False if there is
   * no such event, it is finished, or its handler is running.
   */
  async function discard(id: string, reason: string): Promise<boolean> {
    const job = await inbox.queue.getJob(id);
    if (!job) return false;
    const { source, type, fingerprint } = job.data;
    const { outcome, confirmation } = await inbox.discard({ id, fingerprint, source });
    if (confirmation) confirm(confirmation);
    if (outcome === "none" || outcome === "handled") return false;
    meter.count("dropped", { source, type, why: "discarded" });
    log.warn({ source, type, id, reason }, DISCARDED[outcome]);
    return true;
  }

  /**
   * Runs a parked event again, or a delayed one now. Each is one script of BullMQ, which begins with taking the job from
   * where it is: all of it happens or nothing, on a Redis that is full too.
   */
  async function retry(id: string): Promise<boolean> {
    const job = await inbox.queue.getJob(id);
    if (!job) return false;
    const done = (await job.isFailed())
      ? await happens(job.retry("failed"))
      : (await job.isDelayed()) && (await happens(job.promote()));
    if (done) log.info({ id }, "retried by hand");
    return done;
  }

  async function stateOfJob(keys: SourceKeys, id: string): Promise<OpenState> {
    const [failed, delayed, locked] = await Promise.all([
      redis.zscore(keys.queue("failed"), id),
      redis.zscore(keys.queue("delayed"), id),
      redis.exists(keys.lock(id)),
    ]);
    if (failed !== null) return "parked";
    if (delayed !== null) return "delayed";
    return locked === 1 ? "running" : "waiting";
  }
}

/** False if somebody else was quicker. */
async function happens(action: Promise<void>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (err) {
    if (err instanceof Error && "code" in err && TOO_LATE.has(err.code)) return false;
    throw err;
  }
}
