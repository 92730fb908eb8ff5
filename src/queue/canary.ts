import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { z } from "zod";
import { CANARY_ID } from "../core/canary.ts";
import type { Meter } from "../core/meter.ts";
import type { Processor } from "../core/processor.ts";
import { repeatLater } from "../core/repeat.ts";
import type { Keys } from "../ledger/keys.ts";
import { redisTime } from "../ledger/redis-time.ts";
import type { JobData } from "./jobs.ts";

export type CanaryOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queue: Pick<Queue<JobData>, "add" | "isPaused">;
  /** Redis has no room for more. */
  readonly isFull: () => boolean;
  /** The interval between canaries, over all replicas. */
  readonly everyMs: number;
  readonly log: Logger;
  readonly meter: Meter;
};

export type Canary = {
  /** Keeps canaries away from the handlers. */
  around(processor: Pick<Processor, "process">): Pick<Processor, "process">;
  /** Called when the canary's end is recorded. */
  ended(): void;
  start(): void;
  stop(): void;
};

const Sent = z.object({ sentAt: z.number() });
/** A canary carries no event. */
const NO_EVENT = { vendor: "", source: "", door: "pull", type: CANARY_ID, receivedAt: "", fingerprint: "" } as const;

export function createCanary({ redis, keys, queue, isFull, everyMs, log, meter }: CanaryOptions): Canary {
  const stopping = new AbortController();
  /** When this process took the canary that is under way, on the clock of `performance`. */
  let acceptedAt: number | undefined;
  let isStarted = false;

  return {
    around: (processor) => ({
      async process(event, attempt) {
        if (event.id !== CANARY_ID) return await processor.process(event, attempt);
        await begin(event.body).catch((err: unknown) => log.debug({ err }, "the canary could not be measured"));
        return { kind: "handled" };
      },
    }),

    ended() {
      if (acceptedAt !== undefined) meter.observe("canary_done_ms", {}, performance.now() - acceptedAt);
      acceptedAt = undefined;
    },

    start() {
      // More often than canaries are due, because other replicas may have stopped.
      if (!isStarted) void repeatLater(send, { everyMs: everyMs / 6, signal: stopping.signal, failed: notSent });
      isStarted = true;
    },

    stop: () => stopping.abort(),
  };

  function notSent(err: unknown): void {
    log.debug({ err }, "the canary could not be sent");
  }

  /** A canary that is still under way has the same id, so there is never a second one. */
  async function send(): Promise<void> {
    if (isFull() || (await queue.isPaused())) return;
    if ((await redis.set(keys.shared.canary, "", "PX", everyMs, "NX")) === null) return;
    const options = { jobId: CANARY_ID, removeOnComplete: true, removeOnFail: true };
    await queue.add(CANARY_ID, { ...NO_EVENT, body: { sentAt: await redisTime(redis) } }, options);
  }

  async function begin(body: unknown): Promise<void> {
    const { sentAt } = Sent.parse(body);
    const ms = Math.max(0, (await redisTime(redis)) - sentAt);
    acceptedAt = performance.now() - ms;
    meter.observe("canary_start_ms", {}, ms);
  }
}
