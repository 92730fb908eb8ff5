/**
 * Asks Redis whether enough replicas have what this connection wrote.
 *
 * WAITAOF counts the replicas that have it on disk, and is asked where it can be answered. It needs Redis 7.2 or Valkey,
 * and an append-only file on the primary and on as many replicas as are waited for. Otherwise WAIT counts the replicas
 * that have it in memory. Only what the servers say about themselves leads to WAIT: a slow disk never does. A primary
 * without a file comes back empty after a crash, and its replicas copy that, so their disks would prove nothing.
 */
import { type Redis, ReplyError } from "ioredis";
import { z } from "zod";
import { NotReplicatedError } from "../core/errors.ts";
import { messageOf } from "../core/failure.ts";
import { sayable } from "../core/thrown.ts";
import { parseInfo } from "./redis-check.ts";
import { ALL_NODES, askReplicas, NEVER } from "./replica-nodes.ts";

export type Asked = { readonly by: "WAITAOF" } | ({ readonly by: "WAIT" } & Reason);

/** Why the disks are not asked. */
type Reason = { readonly why: string; readonly fix: string };

const PATIENCE_MS = 1_000;
/** A file that is written once a second needs longer. */
const DISK_PATIENCE_MS = 2_000;
/** A replica tells how far it is when a question comes, else once a second. Others use the connection in between. */
const ASK_AGAIN_MS = 100;
/** How long a reason holds on one connection. Then it may be gone. */
const REASON_HOLDS_MS = 60_000;

const Counts = z.tuple([z.number(), z.number()]);
const UNKNOWN: Reason = {
  why: "this Redis does not know WAITAOF",
  fix: "use Redis 7.2 or newer, or Valkey, to wait for their disks",
};

/** Rejects with a `NotReplicatedError` if too few have it in time. */
export function createReplicaQuestion(redis: Redis, replicas: number): () => Promise<Asked> {
  let known: (Reason & { readonly stream: unknown; readonly until: number }) | undefined;

  return async () => {
    const isKnown = known && known.stream === redis.stream && performance.now() < known.until;
    const reason = known && isKnown ? known : await askDisks();
    if (!reason) return { by: "WAITAOF" };
    const { why, fix } = reason;
    if (!isKnown) known = { why, fix, stream: redis.stream, until: performance.now() + REASON_HOLDS_MS };
    const having = await redis.wait(replicas, PATIENCE_MS);
    if (having < replicas) throw new NotReplicatedError(`${having} of ${replicas} replicas have what was written`);
    return { by: "WAIT", why, fix };
  };

  /** Undefined when enough disks have it. */
  async function askDisks(): Promise<Reason | undefined> {
    const end = performance.now() + DISK_PATIENCE_MS;
    let own = 0;
    let others = 0;
    try {
      do {
        [own, others] = Counts.parse(await redis.call("WAITAOF", 1, replicas, ASK_AGAIN_MS));
        if (own === 1 && others >= replicas) return undefined;
      } while (performance.now() < end);
    } catch (err) {
      const reason = reasonIn(err);
      if (reason) return reason;
      throw err;
    }
    const inMemory = await redis.wait(replicas, 1);
    const reason = own === 1 && inMemory >= replicas ? await missingFiles() : undefined;
    if (reason) return reason;
    const fact = `${others} of ${replicas} replicas have what was written on disk, ${inMemory} in memory`;
    throw new NotReplicatedError(own === 1 ? fact : `${fact}; the primary itself has not written it to disk yet`);
  }

  /** Undefined unless too many replicas say that they keep no file. */
  async function missingFiles(): Promise<Reason | undefined> {
    const all = await askReplicas(redis, parseInfo(await redis.info("replication").catch(() => "")));
    const without = all.filter(({ setUp }) => setUp?.fsync === NEVER).map(({ name }) => name);
    if (without.length === 0 || all.length - without.length >= replicas) return undefined;
    return { why: `these replicas keep no append-only file: ${without.join(", ")}`, fix: ALL_NODES };
  }
}

/** Undefined if the error says nothing about WAITAOF itself, but for instance that the primary became a replica. */
function reasonIn(err: unknown): Reason | undefined {
  if (!(err instanceof ReplyError)) return undefined;
  const message = messageOf(err);
  if (message.startsWith("NOPERM"))
    return { why: "our user may not ask by WAITAOF", fix: "give the user of REDIS_URL +waitaof" };
  if (!message.startsWith("ERR ") || message.includes("with replica instances")) return undefined;
  if (/unknown command/i.test(message)) return UNKNOWN;
  if (message.includes("appendonly is disabled"))
    return { why: "the primary keeps no append-only file", fix: ALL_NODES };
  return { why: `Redis refuses WAITAOF (${sayable(message, 200)})`, fix: UNKNOWN.fix };
}
