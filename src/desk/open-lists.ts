/**
 * Reads the open events page by page, so that Redis serves others in between. Parked events come first, the longest
 * parked first. Then come each source's unconfirmed events, the oldest first. Pushed events come last. In a cluster the
 * parked and the pushed ones come shard after shard.
 */
import type { Redis } from "ioredis";
import type { Keys, SourceKeys } from "../ledger/keys.ts";
import { loadScript } from "../ledger/scripts.ts";
import { countedPushes } from "./counted-pushes.ts";
import { OpenPage, type OpenRow, readRow } from "./open-row.ts";
import { fits, isLate, type Search, wordsOf } from "./search.ts";
import { unconfirmedWith } from "./unconfirmed.ts";

export type OpenListsOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  /** Includes sources that are no longer configured. */
  readonly knownSources: () => Promise<readonly string[]>;
  readonly retentionOf: (source: string) => number;
};

export type OpenLists = ReturnType<typeof createOpenLists>;

/** The event after which a page begins. */
export type Place = { readonly list: string; readonly score: string; readonly member: string };

type Named = { readonly words?: readonly string[]; readonly isBrief?: boolean };

/** A bound, since Redis serves nobody else while it looks at these. */
const LOOKED_AT = 500;
/** Most events lack a word of the search, and one look at a short text shows that. */
const SEARCHED = 1_000;

export function createOpenLists({ redis, keys: { keysOf, shards }, knownSources, retentionOf }: OpenListsOptions) {
  const page = loadScript(redis, "page", "open-page");

  return { matches, named };

  /** The matching events, each with the place from which to look for the next one. */
  async function* matches(search: Search, from?: Place): AsyncGenerator<OpenRow & { readonly place: Place }> {
    const lists = await listsFor(search);
    const first = from === undefined ? 0 : Math.max(0, lists.indexOf(from.list));
    for (const list of lists.slice(first)) {
      const start = from?.list === list ? from : { score: "", member: "" };
      if (list.startsWith(PUSHED)) yield* pushed(search, list, start);
      else yield* list.startsWith(PARKED) ? parked(search, list, start) : unconfirmed(search, list, start);
    }
  }

  async function* parked(search: Search, list: string, start: Omit<Place, "list">) {
    const { scope } = shardNamed(list.split(" ")[1]);
    const words = wordsOf(search);
    let { score, member } = start;
    do {
      const args = [PARKED, "", score, member, words.length > 0 ? SEARCHED : LOOKED_AT, words.length, ...words];
      const [nextScore, nextMember, ...rows] = OpenPage.parse(await page(scope, ...args));
      for (const row of rows) {
        const found = readRow(row, { source: "", retentionOf });
        const { id, firstSeen, parkedAt = firstSeen } = found.event;
        if (fits(search, found.event, Date.now())) yield { ...found, place: placeOf(list, parkedAt, id) };
      }
      [score, member] = [nextScore, nextMember];
    } while (member !== "" && !isLate(search));
  }

  async function* unconfirmed(search: Search, list: string, start: Omit<Place, "list">) {
    const [, source = ""] = list.split(" ");
    const own = keysOf(source);
    const words = wordsOf(search);
    for await (const fingerprints of unconfirmedWith({ redis, own, source, search, words, start, most: LOOKED_AT }))
      for (let at = 0; at < fingerprints.length && !isLate(search);) {
        const args = ["unconfirmed", source, "", "", "", words.length, ...words, ...fingerprints.slice(at)];
        const [lookedAt, , ...rows] = OpenPage.parse(await page(own.scope, ...args));
        at += Number(lookedAt);
        for (const row of rows) {
          const found = readRow(row, { source, retentionOf });
          const { event, fingerprint } = found;
          if (fits(search, event, Date.now())) yield { ...found, place: placeOf(list, event.firstSeen, fingerprint) };
        }
      }
  }

  /** Pushed events that are not parked, in the order of their ids. */
  async function* pushed(search: Search, list: string, start: Omit<Place, "list">) {
    const words = wordsOf(search);
    const { waitingPushes } = shardNamed(list.split(" ")[1]);
    const ids = (await pushedIds(waitingPushes)).filter((id) => id > start.member).toSorted();
    for (let at = 0; at < ids.length && !isLate(search); at += LOOKED_AT) {
      const some = ids.slice(at, at + LOOKED_AT);
      for (const found of await named(some, { words })) {
        if (found.event.state === "parked" || !fits(search, found.event, Date.now())) continue;
        // An event that was pulled too is listed by its source.
        if (found.event.expiresAt !== undefined) continue;
        yield { ...found, place: { list, score: "", member: found.event.id } };
      }
    }
  }

  /** Looks in all shards. Brief results come without the entries of the lives. */
  async function named(
    ids: readonly string[],
    { words = [], isBrief = false }: Named = {},
  ): Promise<readonly OpenRow[]> {
    const list = isBrief ? "brief" : "named";
    const pages = await Promise.all(
      shards.map(async (shard) => {
        return await page(shard.keysOf("").scope, list, "", "", "", ids.length, words.length, ...words, ...ids);
      }),
    );
    return pages.flatMap((reply) => {
      const [, , ...rows] = OpenPage.parse(reply);
      return rows.map((row) => readRow(row, { source: "", retentionOf }));
    });
  }

  /** The first shard has no number, so that a cursor stays what it was. */
  function shardNamed(number = ""): SourceKeys {
    return (shards[Number(number)] ?? shards[0])?.keysOf("") ?? keysOf("");
  }

  async function pushedIds(waitingPushes: string): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const [id] of countedPushes(redis, waitingPushes)) ids.push(id);
    return ids;
  }

  /** Only the lists that may contain a match. */
  async function listsFor({ states }: Search): Promise<readonly string[]> {
    const asksFor = (some: readonly Search["states"][number][]): boolean =>
      states.length === 0 || some.some((state) => states.includes(state));
    const sources = asksFor(["waiting", "running", "delayed", "handled"]) ? (await knownSources()).toSorted() : [];
    return [
      ...(asksFor(["parked"]) ? inEachShard(PARKED) : []),
      ...sources.map((source) => `unconfirmed ${source}`),
      ...(asksFor(["waiting", "running", "delayed"]) ? inEachShard(PUSHED) : []),
    ];
  }

  function inEachShard(list: string): readonly string[] {
    return shards.map((_, shard) => (shard === 0 ? list : `${list} ${shard}`));
  }
}

function placeOf(list: string, at: string, member: string): Place {
  return { list, score: String(Date.parse(at)), member };
}

const PARKED = "parked";
const PUSHED = "pushed";
