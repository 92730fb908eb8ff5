/** The receivers of callbacks: how many events of each are open, and the oldest one. */
import type { Redis } from "ioredis";
import type { Keys } from "../ledger/keys.ts";
import { countedPushes } from "./counted-pushes.ts";

/** `source`: the source of the receiver's events. */
export type ReceiverCounts = { readonly source: string; readonly open: number; readonly oldestAt?: string };

type ReceiversOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  /** The receivers that are configured here. */
  readonly receivers: readonly string[];
};

/** The form that `countPush` in `records.lua` writes: bytes, since when, source. */
const COUNTED = /^\d+ (\d+) ([^]+)$/;

export function createReceiverCounts({ redis, keys: { shards }, receivers }: ReceiversOptions) {
  /** Includes receivers configured elsewhere, while events of them wait or are parked. */
  return async (): Promise<readonly ReceiverCounts[]> => {
    const open = new Map<string, { count: number; oldest: number }>(
      receivers.map((source) => [source, { count: 0, oldest: Infinity }]),
    );
    // A scan may return an entry twice.
    const met = new Set<string>();
    for (const shard of shards)
      for await (const [id, counted] of countedPushes(redis, shard.keysOf("").waitingPushes)) {
        const [, since, source] = COUNTED.exec(counted) ?? [];
        if (source === undefined || met.has(id)) continue;
        met.add(id);
        const known = open.get(source) ?? { count: 0, oldest: Infinity };
        open.set(source, { count: known.count + 1, oldest: Math.min(known.oldest, Number(since)) });
      }
    return [...open].map(([source, { count, oldest }]) => {
      if (count === 0) return { source, open: 0 };
      return { source, open: count, oldestAt: new Date(oldest).toISOString() };
    });
  };
}
