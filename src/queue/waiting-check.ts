import type { Redis } from "ioredis";
import { NotReplicatedError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import { redisTrouble } from "../core/redis-trouble.ts";
import { createReplicaQuestion } from "./replica-question.ts";

/**
 * Whether enough replicas have what this connection wrote last, for REDIS_WAIT_REPLICAS, and whether their disks or their
 * memory is asked.
 */
export async function checkWaiting(redis: Redis, replicas: number): Promise<readonly Finding[]> {
  if (replicas === 0) return [];
  try {
    const asked = await createReplicaQuestion(redis, replicas)();
    if (asked.by === "WAIT")
      return [
        {
          level: "warn",
          fact: `REDIS_WAIT_REPLICAS=${replicas} waits for the memory of replicas (WAIT), not for their disks: ${asked.why}`,
          fix: asked.fix,
        },
      ];
    return [{ level: "ok", fact: `REDIS_WAIT_REPLICAS=${replicas} waits for the disks of replicas (WAITAOF)` }];
  } catch (err) {
    if (!(err instanceof NotReplicatedError)) throw err;
    const { fact, fix, code } = redisTrouble("redis-not-replicated");
    return [{ level: "error", fact: `${fact}: ${err.message}`, fix, code }];
  }
}
