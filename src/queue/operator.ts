import type { Redis } from "ioredis";
import { z } from "zod";
import type { SourceTerms } from "../core/source.ts";
import { createActions, type ActionOptions } from "./actions.ts";
import { createOpenEvents } from "./open-events.ts";

export type OperatorOptions = ActionOptions & {
  readonly redis: Redis;
  /** Those that are configured. */
  readonly sources: readonly Pick<SourceTerms, "name" | "retentionMs">[];
  readonly maxWaiting: number;
};

export type SourceCounts = {
  readonly unconfirmed: number;
  readonly handled: number;
  /** Jobs whose events their vendor has forgotten. */
  readonly forgotten: number;
  readonly oldestUnconfirmedMs?: number;
};

export type Operator = ReturnType<typeof createOperator>;

const Members = z.array(z.string());

/** A person's view of the ledger and the queue, and the actions that a person may take on an event. */
export function createOperator(options: OperatorOptions) {
  const { redis, inbox, sources, maxWaiting } = options;
  const { keysOf, shared } = inbox.keys;
  const openEvents = createOpenEvents({ redis, keys: inbox.keys, sources, knownSources });

  return { knownSources, counts, queueStatus, openEvents, ...createActions({ ...options, knownSources }) };

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
    return [...new Set([...sources.map(({ name }) => name), ...Members.parse(await redis.smembers(shared.sources))])];
  }

  async function counts(source: string): Promise<SourceCounts> {
    const lists = keysOf(source);
    const [unconfirmed, handled, forgotten, [oldest], [seconds]] = await Promise.all([
      redis.zcard(lists.unconfirmed),
      redis.zcard(lists.handled),
      redis.zcard(lists.forgotten),
      redis.zrange(lists.unconfirmed, 0, "0"),
      redis.time(),
    ]);
    const first = oldest === undefined ? null : await redis.zscore(lists.unconfirmed, oldest);
    if (first === null) return { unconfirmed, handled, forgotten };
    return {
      unconfirmed,
      handled,
      forgotten,
      oldestUnconfirmedMs: Math.max(0, Number(seconds) * 1_000 - Number(first)),
    };
  }
}
