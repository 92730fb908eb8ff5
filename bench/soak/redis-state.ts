/** The worker's data in Redis, by kind. */
import type { Redis } from "ioredis";
import { createKeys } from "../../src/ledger/keys.ts";

export type RedisState = {
  readonly usedBytes: number;
  /** Records of the ledger: one for each event that its vendor may still deliver. */
  readonly records: number;
  /** Bodies that were pushed, or could be. */
  readonly pushes: number;
  readonly jobs: number;
  /** Jobs that wait, run, or will be tried again. */
  readonly openJobs: number;
  readonly parkedJobs: number;
  readonly otherKeys: number;
  /** Entries in the collections of the ledger. */
  readonly receipts: number;
  readonly unconfirmed: number;
  readonly handled: number;
};

const KEYS = createKeys("reliable-callback");
/** The key prefixes of any source. */
const { event, push, job, queue, unconfirmed, handled, receipts } = KEYS.keysOf("");
const PAGE = 1_000;
const KINDS = {
  records: event(""),
  pushes: push(""),
  jobs: job("ev-"),
  receipts,
  unconfirmed,
  handled,
} as const;
type Kind = keyof typeof KINDS;

export async function redisState(redis: Redis, usedBytes: number): Promise<RedisState> {
  const counts: Record<Kind, number> = { records: 0, pushes: 0, jobs: 0, receipts: 0, unconfirmed: 0, handled: 0 };
  let otherKeys = 0;
  for (const key of await keysOf(redis)) {
    const kind = kindOf(key);
    if (kind === "receipts") counts[kind] += await redis.hlen(key);
    else if (kind === "unconfirmed" || kind === "handled") counts[kind] += await redis.zcard(key);
    else if (kind) counts[kind] += 1;
    else otherKeys += 1;
  }
  return { usedBytes, otherKeys, ...counts, ...(await unfinished(redis)) };
}

async function unfinished(redis: Redis) {
  const [waiting, active, delayed, parkedJobs] = await Promise.all([
    redis.llen(queue("wait")),
    redis.llen(queue("active")),
    redis.zcard(queue("delayed")),
    redis.zcard(queue("failed")),
  ]);
  return { openJobs: waiting + active + delayed, parkedJobs };
}

function kindOf(key: string): Kind | undefined {
  const kinds = ["records", "pushes", "jobs", "receipts", "unconfirmed", "handled"] as const;
  return kinds.find((kind) => key.startsWith(KINDS[kind]));
}

/** A key may appear twice while Redis resizes its table. */
async function keysOf(redis: Redis): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  let cursor = "0";
  do {
    const [next, page] = await redis.scan(cursor, "COUNT", PAGE);
    for (const key of page) keys.add(key);
    cursor = next;
  } while (cursor !== "0");
  return keys;
}
