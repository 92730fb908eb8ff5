/**
 * The version of the data in Redis. It is written before any other key, so data without a version is older. Raise it
 * with each change that the previous version would misread.
 */
import type { Redis } from "ioredis";
import { sleep } from "../core/sleep.ts";
import type { Keys } from "./keys.ts";

export const LAYOUT = "2";

/** Longer than a living replica takes to write the version again after its Redis was emptied. */
const WRITTEN_AGAIN_WITHIN_MS = 6_000;
const LOOK_MS = 200;

/** Writes the version into an empty Redis. Rejects if the data has another version. */
export async function claimLayout(redis: Redis, keys: Keys, patienceMs = WRITTEN_AGAIN_WITHIN_MS): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const problem = await layoutProblem(redis, keys);
    if (problem === undefined) break;
    const layout = await redis.get(keys.shared.layout);
    // A running replica may have written our version meanwhile.
    if ((layout !== null && layout !== LAYOUT) || performance.now() >= end) throw new Error(problem);
    await sleep(LOOK_MS);
  }
  const known = await redis.get(keys.shared.layout);
  // Do not write if nothing changes: a full Redis refuses every write, and this worker may make room.
  if (known === null) await redis.set(keys.shared.layout, LAYOUT, "NX");
  const written = known ?? (await redis.get(keys.shared.layout));
  if (written !== null && written !== LAYOUT) throw new Error(otherLayout(keys, written));
}

/** The reason why this version must not touch the data; undefined if there is none. Writes nothing. */
export async function layoutProblem(redis: Redis, keys: Keys): Promise<string | undefined> {
  let layout = await redis.get(keys.shared.layout);
  if (layout === null && (await hasData(redis, keys))) {
    // Another worker may be starting now. It writes the version first.
    layout = await redis.get(keys.shared.layout);
    if (layout === null) return noLayout(keys);
  }
  return layout === null || layout === LAYOUT ? undefined : otherLayout(keys, layout);
}

/** Every worker creates one of these keys when it starts. They are checked one by one, because of clusters. */
async function hasData(redis: Redis, { keysOf, shared }: Keys): Promise<boolean> {
  const { queue, waitingPushes } = keysOf("");
  for (const key of [shared.sources, shared.replicas, queue("meta"), waitingPushes])
    if ((await redis.exists(key)) === 1) return true;
  return false;
}

export function otherLayout(keys: Keys, layout: string): string {
  const writer = Number(layout) < Number(LAYOUT) ? "an older" : "a newer";
  const fact = `the data under ${keys.queue.prefix} has layout ${layout} of ${writer} version, and this one reads layout ${LAYOUT}`;
  return `QUEUE_PREFIX: ${fact}; ${REMEDY}`;
}

function noLayout(keys: Keys): string {
  const mark = `if this version wrote it and Redis was emptied meanwhile: redis-cli SET '${keys.shared.layout}' ${LAYOUT}`;
  return `QUEUE_PREFIX: the data under ${keys.queue.prefix} has no layout version, so an older version wrote it, and this version reads layout ${LAYOUT}; ${REMEDY}, or ${mark}`;
}

const REMEDY =
  "run the version that wrote it until no event waits or is unconfirmed and then delete its keys, or set another QUEUE_PREFIX";
