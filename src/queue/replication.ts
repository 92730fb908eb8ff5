/**
 * Waits until replicas have the writes, so that these survive the loss of the primary. Redis answers for the last write
 * of the asking connection. So the connection that wrote asks, and first writes something small, which covers all
 * earlier writes. A connection that was replaced meanwhile may lead to another primary, which knows nothing of them.
 */
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import type { Keys } from "../ledger/keys.ts";
import { MicroBatch } from "../ledger/micro-batch.ts";
import { tryToWrite } from "../ledger/probe.ts";
import { type Asked, createReplicaQuestion } from "./replica-question.ts";

export type Replication = {
  /** Runs `write` and waits until enough replicas have it. Resolves with the result of `write`. */
  after<T>(write: () => Promise<T>): Promise<T>;
};

export type ReplicationOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  /** How many replicas must have a write. With 0 nothing waits. */
  readonly replicas: number;
  readonly log: Logger;
};

const MOST_AT_ONCE = 1_000;

export function createReplication({ redis, keys, replicas, log }: ReplicationOptions): Replication {
  const ask = createReplicaQuestion(redis, replicas);
  let told: string | undefined;
  // One question covers all writes before it.
  const questions = new MicroBatch(MOST_AT_ONCE, async (askers: readonly true[]) => {
    await tryToWrite(redis, keys);
    tell(await ask());
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

  function tell(asked: Asked): void {
    const now = asked.by === "WAIT" ? asked.why : asked.by;
    if (now === told) return;
    told = now;
    if (asked.by === "WAITAOF") return log.info({ replicas }, "waits until Redis' replicas have it on disk (WAITAOF)");
    const { why, fix } = asked;
    log.warn({ replicas, why, fix }, "waits until Redis' replicas have it in memory (WAIT), not on disk");
  }
}
