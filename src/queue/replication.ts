/**
 * Waits until replicas have what was written, so that it outlives its primary. Asked on the connection that wrote: Redis
 * tells how far the replicas are by what that connection has written last, so something small is written first, which
 * covers whatever was written before. A connection that was replaced meanwhile may lead to another primary, which knows
 * nothing of it.
 */
import type { Redis } from "ioredis";
import { NotReplicatedError } from "../core/errors.ts";
import type { Keys } from "../ledger/keys.ts";
import { MicroBatch } from "../ledger/micro-batch.ts";
import { tryToWrite } from "../ledger/probe.ts";

export type Replication = {
  /** Resolves when enough replicas have what `write` wrote, and with what it resolved with. */
  after<T>(write: () => Promise<T>): Promise<T>;
};

/** The connection serves nobody else meanwhile. */
const PATIENCE_MS = 1_000;
const MOST_AT_ONCE = 1_000;

/** `replicas`: how many must have it; with 0 nobody waits. */
export function createReplication(redis: Redis, keys: Keys, replicas: number): Replication {
  // One question covers all that was written before it.
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
