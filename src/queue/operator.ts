import type { Redis } from "ioredis";
import { z } from "zod";
import { CANARY_ID } from "../core/canary.ts";
import { LONGEST_TERMS, type SourceTerms } from "../core/source.ts";
import { createDesk } from "../desk/desk.ts";
import { createGateOfShards } from "../ledger/gate-of-shards.ts";
import { loadScript } from "../ledger/scripts.ts";
import { createActions, type ActionOptions } from "./actions.ts";
import { createOpenEvents } from "./open-events.ts";

export type OperatorOptions = ActionOptions & {
  readonly redis: Redis;
  /** The configured sources. */
  readonly sources: readonly Pick<SourceTerms, "name" | "retentionMs">[];
  readonly maxWaiting: number;
  /** The configured sources of callbacks. */
  readonly receivers?: readonly string[];
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
const Counts = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number(), z.number()]);

type Counted = z.infer<typeof Counts>;

function added(a: Counted, b: Counted): Counted {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5]];
}

/** A person's view of the ledger and the queue, and the actions that a person may take on an event. */
export function createOperator(options: OperatorOptions) {
  const { redis, inbox, sources, maxWaiting, receivers = [] } = options;
  const { keysOf, shared, shards } = inbox.keys;
  const countEvents = loadScript(redis, "source", "counts");
  const openEvents = createOpenEvents({ redis, keys: inbox.keys, sources, knownSources });

  const actions = createActions({ ...options, knownSources });
  const { retry } = actions;
  const desk = createDesk({ redis, keys: inbox.keys, knownSources, retentionOf, retry, receivers });

  const gate = createGateOfShards(redis, inbox.keys);
  const limit: typeof gate.set = (handler, word) => gate.set(handler, word);

  return { knownSources, counts, queueStatus, openEvents, desk, limit, ...actions };

  function retentionOf(source: string): number {
    return sources.find(({ name }) => name === source)?.retentionMs ?? LONGEST_TERMS.retentionMs;
  }

  /** Of all shards together. It is paused if one of them is. */
  async function queueStatus() {
    const replies = await Promise.all(
      shards.map(async (shard) => await countEvents(shard.keysOf("").scope, CANARY_ID)),
    );
    const found = replies.map((reply) => Counts.parse(reply));
    const [waiting, running, delayed, parked, completed, paused] = found.reduce(added);
    return { waiting, running, delayed, parked, completed, paused: paused > 0, maxWaiting: maxWaiting * shards.length };
  }

  /** Includes sources that are no longer configured. */
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
