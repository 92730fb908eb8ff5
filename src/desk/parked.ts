/**
 * The parked events, remembered between two looks: there may be many, and nearly all stay the same. An event that was
 * parked again has a new time in the queue's list.
 */
import type { Redis } from "ioredis";
import { groupOf } from "../core/failure-group.ts";
import type { Keys } from "../ledger/keys.ts";
import type { DeskEvent, GroupKey } from "./contract.ts";
import type { OpenLists } from "./open-lists.ts";

export type Parked = Pick<DeskEvent, "id" | "firstSeen" | "parkedAt" | "expiresAt"> & { readonly key: GroupKey };

type Known = { readonly score: string; readonly isSettled: boolean; readonly parked: Parked };

/** A bound, so that Redis and this process serve others in between. */
const READ_AT_ONCE = 500;
const LISTED_AT_ONCE = 5_000;
/** For this long its vendor may still be told of the event. */
const SETTLED_MS = 30_000;

type ParkedOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly open: Pick<OpenLists, "named">;
};

/** Reads all parked events. */
export function createParked({ redis, keys, open }: ParkedOptions): () => Promise<readonly Parked[]> {
  let known: ReadonlyMap<string, Known> = new Map();

  return async () => {
    const found = new Map<string, Known>();
    const scores = await listed();
    const unread: string[] = [];
    for (const [id, score] of scores) {
      const one = known.get(id);
      if (one?.score === score && one.isSettled) found.set(id, one);
      else unread.push(id);
    }
    for (let at = 0; at < unread.length; at += READ_AT_ONCE)
      for (const { event } of await open.named(unread.slice(at, at + READ_AT_ONCE), { isBrief: true })) {
        if (event.state !== "parked") continue;
        const score = scores.get(event.id) ?? "";
        found.set(event.id, { score, isSettled: isSettled(event), parked: parkedOf(event) });
      }
    known = found;
    return [...found.values()].map(({ parked }) => parked);
  };

  /** When each event was parked, by event id. */
  async function listed(): Promise<ReadonlyMap<string, string>> {
    const scores = new Map<string, string>();
    for (const failed of keys.shards.map((shard) => shard.keysOf("").queue("failed")))
      for (let from = 0, isMore = true; isMore; from += LISTED_AT_ONCE) {
        const page = await redis.zrange(failed, `${from}`, `${from + LISTED_AT_ONCE - 1}`, "WITHSCORES");
        for (let at = 0; at < page.length; at += 2) scores.set(page[at] ?? "", page[at + 1] ?? "");
        isMore = page.length === 2 * LISTED_AT_ONCE;
      }
    return scores;
  }
}

/** Its vendor may have forgotten the event since. */
function isSettled({ parkedAt = "", expiresAt }: DeskEvent): boolean {
  const now = Date.now();
  return Date.parse(parkedAt) < now - SETTLED_MS && (expiresAt === undefined || Date.parse(expiresAt) > now);
}

function parkedOf({ id, firstSeen, parkedAt, expiresAt, type, error = "" }: DeskEvent): Parked {
  return {
    id,
    firstSeen,
    ...(parkedAt !== undefined && { parkedAt }),
    ...(expiresAt !== undefined && { expiresAt }),
    key: { type, error: groupOf(error) },
  };
}
