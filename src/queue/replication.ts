/**
 * Waits until replicas have the writes, so that these survive the loss of the primary. Redis answers for the last write
 * of the asking connection. So the connection that wrote asks, and first writes something small, which covers all
 * earlier writes. A connection that was replaced meanwhile may lead to another primary, which knows nothing of them.
 */
import type { Redis } from "ioredis";
import { NotReplicatedError } from "../core/errors.ts";
import type { Keys } from "../ledger/keys.ts";
import { MicroBatch } from "../ledger/micro-batch.ts";
import { tryToWrite } from "../ledger/probe.ts";

export type Replication = {
  /** Runs `write` and waits until enough replicas have it. Resolves with the result of `write`. */
  after<T>(write: () => Promise<T>): Promise<T>;
};

/** A bound, since the connection serves nobody else meanwhile. */
const PATIENCE_MS = 1_000;
const MOST_AT_ONCE = 1_000;

/** `replicas`: how many replicas must have a write. With 0 nothing waits. */
export function createReplication(redis: Redis, keys: Keys, replicas: number): Replication {
  // One question covers all writes before it.
  const questions = new MicroBatch(MOST_AT_ONCE, async (askers: readonly true[]) => {
    await tryToWrite(redis, keys);
    const having = await redis.wait(replicas, PATIENCE_MS);
    if (having < replicas) throw new NotReplicatedError(`${having} of ${replicas} replicas have what was written`);
    return askers;
  });

  return {
    async after(write) {
      if (replicas === 0) return await write();
      const before = redis.stream;
      const written = await write();
      await questions.add(true);
      if (redis.stream !== before) throw new Error("Connection is closed: another one may not know what was written");
      return written;
    },
  };
}
