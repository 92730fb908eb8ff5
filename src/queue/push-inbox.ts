/**
 * Turns pushed events into jobs in three steps: reserve, add, note. After a crash between two steps, the vendor's next
 * call continues.
 *
 * It has a connection of its own, on which no command waits for Redis. The vendor gets "not now" within seconds and
 * tries again. Waiting commands would use memory, and would take effect after the vendor was told otherwise.
 */
import { randomUUID } from "node:crypto";
import { Job, Queue } from "bullmq";
import { type Redis, ReplyError } from "ioredis";
import type { Logger } from "pino";
import { NotReplicatedError } from "../core/errors.ts";
import { z } from "zod";
import { eventId } from "../core/fingerprint.ts";
import type { PushInbox, StorableEvent } from "../core/inbox.ts";
import type { Limited, LimitsOf } from "../core/limits.ts";
import { settledBefore, sleep } from "../core/sleep.ts";
import type { Keys } from "../ledger/keys.ts";
import { createPushLedger } from "../ledger/push-ledger.ts";
import type { PushLimits } from "../ledger/waiting-pushes.ts";
import { createReplication } from "./replication.ts";
import { type JobData, jobOptions, STREAMS } from "./jobs.ts";

export type PushInboxOptions = {
  /** A connection for pushes alone, see `connect`. */
  readonly redis: Redis;
  readonly keys: Keys;
  readonly attempts: number;
  readonly limits: PushLimits;
  /** The number of replicas that must have an event before it counts as stored. 0 by default. */
  readonly replicas?: number | undefined;
  /** The limits of an event's handler. */
  readonly limitsOf?: LimitsOf;
  readonly log: Logger;
};

/** The steps of one push. Tests end the process between them. */
type PushSteps = ReturnType<typeof createPushLedger> & {
  add(event: StorableEvent, id: string, limited?: Limited): Promise<void>;
};

export type RedisPushInbox = PushInbox & { readonly steps: PushSteps; close(): Promise<void> };

export function createPushInbox(given: PushInboxOptions): RedisPushInbox {
  const { redis, keys, attempts, limits, limitsOf = () => undefined, replicas = 0, log } = given;
  const replication = createReplication({ redis, keys, replicas, log });
  let queue: Queue<JobData> | undefined;
  const steps: PushSteps = { ...createPushLedger(redis, keys, limits), add };

  return {
    steps,

    async push(event, memoryMs, signal) {
      const id = eventId(event.source, randomUUID(), event.fingerprint);
      let trouble: unknown;
      while (await isReady(signal)) {
        try {
          const pushed = replication.after(() => pushOnce(event, id, memoryMs, signal));
          return await before(signal, pushed);
        } catch (err) {
          if (signal.aborted || err instanceof ReplyError || err instanceof NotReplicatedError) throw err;
          // The connection broke. Each step may be repeated, so a short absence of Redis uses up none of the vendor's
          // tries.
          trouble = err;
          await sleep(LOOK_MS, signal);
        }
      }
      throw new Error("Redis is away", { cause: trouble });
    },

    async close() {
      if (redis.status === "ready") await queue?.close();
    },
  };

  async function pushOnce(event: StorableEvent, freshId: string, memoryMs: number, signal: AbortSignal) {
    const bytes = Buffer.byteLength(event.bodyJson);
    const limited = limitsOf(event, () => Body.parse(JSON.parse(event.bodyJson)));
    const { verdict, id } = await steps.reserve({ ...event, id: freshId }, bytes, memoryMs, limited?.limits);
    if (verdict !== "add") return verdict;
    signal.throwIfAborted();
    await steps.add(event, id, limited);
    signal.throwIfAborted();
    await steps.added({ ...event, id });
    return verdict;
  }

  /** Does what `Queue.add` does, but with JSON text. */
  async function add(event: StorableEvent, id: string, limited?: Limited): Promise<void> {
    const { source, type, bodyJson } = event;
    const options = { ...jobOptions(attempts, Buffer.byteLength(bodyJson)), jobId: id };
    if (limited) return await steps.addLimited({ source, id }, limited, { name: type, data: jobText(event), options });
    const to = await openQueue();
    const job = new Job(to, type, {}, options, id).asJSON();
    await to.getBackend().addJob({ ...job, data: jobText(event) }, id);
  }

  /**
   * BullMQ first asks Redis for its version, and never recovers if Redis goes away then. In that case a new queue is
   * opened.
   */
  async function openQueue(): Promise<Queue<JobData>> {
    const opened = (queue ??= newQueue());
    try {
      await opened.waitUntilReady();
    } catch (err) {
      if (queue === opened) queue = undefined;
      await opened.close();
      throw err;
    }
    return opened;
  }

  function newQueue(): Queue<JobData> {
    const { name, prefix } = keys.queue;
    const opened = new Queue<JobData>(name, { connection: redis, prefix, streams: STREAMS });
    opened.on("error", (err) => log.debug({ err }, "push queue connection"));
    return opened;
  }

  /** Polls the connection, because a listener per call would accumulate. */
  async function isReady(signal: AbortSignal): Promise<boolean> {
    if (redis.status === "wait") redis.connect().catch((err: unknown) => log.debug({ err }, "first push connection"));
    while (redis.status !== "ready" && !signal.aborted) await sleep(LOOK_MS, signal);
    return !signal.aborted;
  }
}

const LOOK_MS = 50;
const Body = z.record(z.string(), z.unknown());

function jobText({ vendor, source, type, fingerprint, traceparent, subjects, bodyJson }: StorableEvent): string {
  const data: Omit<JobData, "body"> = {
    vendor,
    source,
    door: "push",
    type,
    receivedAt: new Date().toISOString(),
    fingerprint,
    ...(traceparent !== undefined && { traceparent }),
    ...(subjects && subjects.length > 0 && { subjects }),
  };
  return `${JSON.stringify(data).slice(0, -1)},"body":${bodyJson}}`;
}

/** A command that was already sent may take effect after the timeout. That does no harm. */
async function before<T>(signal: AbortSignal, doing: Promise<T>): Promise<T> {
  if (await settledBefore(doing, signal)) return await doing;
  throw new Error("Redis did not answer in time");
}
