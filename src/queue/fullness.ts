/**
 * How full Redis is. Intake stops at a share of its memory, so that scripts which free memory always find room.
 * BullMQ's own scripts have no flag that would let them through at the limit. Finished jobs are removed first.
 */
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Finding } from "../core/finding.ts";
import { inMib } from "../core/in-mib.ts";
import { redisTrouble } from "../core/redis-trouble.ts";
import { repeat } from "../core/repeat.ts";
import { settledBefore } from "../core/sleep.ts";
import { parseInfo } from "./redis-check.ts";

export type FullnessOptions = {
  /** Where each shard is. If one is full, all count as full. */
  readonly shards: readonly { readonly redis: Redis }[];
  /** The share of maxmemory from which Redis counts as full. */
  readonly fullAt: number;
  readonly log: Logger;
};

export type Fullness = {
  /** The result of the last look. */
  readonly isFull: () => boolean;
  readonly findings: () => readonly Finding[];
  /** Starts looking repeatedly. Completed jobs of these queues are removed when room is scarce: one for each shard. */
  watch(queues: readonly Pick<Queue, "clean">[]): void;
  stop(): Promise<void>;
};

const LOOK_MS = 1_000;
/** "Full" ends only when the share has fallen by this much. Otherwise it would change with every event. */
const SLACK = 0.03;
/** How many completed jobs one look removes. */
const CLEANED = 250;
/** Room that is found is soon used again while events wait for it. The trouble is over when it stays away this long. */
const CALM_MS = 10_000;

export function createFullness({ shards, ...options }: FullnessOptions): Fullness {
  const parts = shards.map(({ redis }) => createPart({ ...options, redis }));
  return {
    isFull: () => parts.some((part) => part.isFull()),
    findings: () => parts.flatMap((part) => part.findings()),
    watch(queues) {
      for (const [shard, queue] of queues.entries()) parts[shard]?.watch(queue);
    },
    stop: async () => void (await Promise.all(parts.map((part) => part.stop()))),
  };
}

type Part = Omit<Fullness, "watch"> & { watch(queue: Pick<Queue, "clean">): void };

function createPart({ redis, fullAt, log }: Omit<FullnessOptions, "shards"> & { readonly redis: Redis }): Part {
  const stopping = new AbortController();
  let fullest = { bytes: 0, most: 0 };
  let isFull = false;
  let lastFullAt = -Infinity;
  let isTold = false;
  let running: Promise<void> | undefined;

  return {
    isFull: () => isFull,
    findings: () => (isTold ? [{ level: "error", ...redisTrouble("redis-full"), fact: told() }] : []),
    watch(queue) {
      running ??= repeat(() => look(queue), {
        everyMs: LOOK_MS,
        signal: stopping.signal,
        failed: (err) => log.debug({ err }, "a look at Redis' memory failed"),
      });
    },
    async stop() {
      stopping.abort();
      await settledBefore(Promise.resolve(running), AbortSignal.timeout(1_000));
    },
  };

  async function look(queue: Pick<Queue, "clean">): Promise<void> {
    if (redis.status !== "ready") return;
    const info = parseInfo(await redis.info("memory"));
    const used = { bytes: Number(info.get("used_memory") ?? 0), most: Number(info.get("maxmemory") ?? 0) };
    const share = used.most > 0 ? used.bytes / used.most : 0;
    isFull = share >= (isFull ? fullAt - SLACK : fullAt);
    if (isFull) [fullest, lastFullAt] = [used, performance.now()];
    const wasTold = isTold;
    isTold = performance.now() - lastFullAt < CALM_MS;
    if (isTold && !wasTold) log.error({ code: "redis-full", fix: redisTrouble("redis-full").fix }, told());
    if (wasTold && !isTold) log.info(used, "Redis has room again: events and callbacks are taken in");
    if (isFull) await queue.clean(0, CLEANED, "completed");
  }

  function told(): string {
    return `Redis is nearly full (${inMib(fullest.bytes)} of ${inMib(fullest.most)}): new events stay at their vendors, callbacks are answered 503`;
  }
}
