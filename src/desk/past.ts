/** The history: events that are over, the newest first. */
import type { Redis } from "ioredis";
import type { Keys, SourceKeys } from "../ledger/keys.ts";
import type { DeskEvent, LifeEntry, Reach } from "./contract.ts";
import { factsOf, readLife } from "./life.ts";
import { EVERYTHING, fits, isLate, lowerCase, mayHave, type Search, wordsOf } from "./search.ts";

export type PastEvent = { readonly event: DeskEvent; readonly entries: readonly LifeEntry[]; readonly number: number };

/** `place`: where a search goes on after this event. */
type FoundInPast = PastEvent & { readonly place: string };

/** The number of events in a chunk that `life.lua` writes. */
const CHUNK_EVENTS = 256;
/** The most chunks in memory at a time. A search reads one first, since the newest may be enough. */
const MAX_CHUNKS = 32;

/**
 * Chunks are searched here and not by a script. Lua makes a hash of every text that it touches, which takes Redis ten
 * times longer than to send the text, and all workers would wait for it.
 */
export function createPast(redis: Redis, keys: Keys) {
  // The sources of a shard share one history.
  const shards = keys.shards.map((shard) => shard.keysOf(""));

  return { matches, find, reach };

  /** `from`: the place of the event after which to begin. It holds a number for each shard. */
  async function* matches(search: Search, from = ""): AsyncGenerator<FoundInPast> {
    const numbers = from.split(".");
    const readers = shards.map((shard, index) => matchesIn(shard, search, numberIn(numbers[index])));
    const heads = await Promise.all(readers.map(nextOf));
    for (;;) {
      const newest = newestOf(heads);
      const found = heads[newest];
      if (!found) return;
      const places = heads.map((head, shard) => (shard === newest ? found.number : head ? head.number + 1 : 0));
      yield { ...found, place: places.join(".") };
      const reader = readers[newest];
      heads[newest] = reader && (await nextOf(reader));
    }
  }

  /** `before`: the number of the event before which to begin. */
  async function* matchesIn(own: SourceKeys, search: Search, before: number | undefined): AsyncGenerator<PastEvent> {
    const { words, states } = search;
    if (states.length > 0 && !states.includes("confirmed") && !states.includes("discarded")) return;
    const now = Date.now();
    const needed = wordsOf(search);
    for await (const { number, line } of linesOf(own, before, { ...search, words: needed })) {
      if (!mayHave(needed, line)) continue;
      const found = readLine(line, number);
      if (!found) continue;
      // An event that ended before that time also began before it.
      if (Date.parse(found.event.confirmedAt ?? "") < now - (search.newerMs ?? Infinity)) return;
      const text = lowerCase(line);
      if (words.every((word) => text.includes(word)) && fits({ ...search, words: [] }, found.event, now)) yield found;
    }
  }

  /** The lines of the chunks that may have all words, the newest first. */
  async function* linesOf(
    { history, past }: Pick<SourceKeys, "history" | "past">,
    before: number | undefined,
    search: Pick<Search, "words" | "until">,
  ): AsyncGenerator<{ readonly number: number; readonly line: string }> {
    const [count, first] = await redis.hmget(history, "count", "first");
    const end = before ?? Number(count ?? 0);
    let [next, some] = [Math.ceil(end / CHUNK_EVENTS), 1];
    while (next > Number(first ?? 0) && !isLate(search)) {
      const numbers = Array.from({ length: Math.min(some, next - Number(first ?? 0)) }, (_, index) => next - 1 - index);
      const chunks = await Promise.all(numbers.map((number) => redis.lrange(past(number), 0, -1)));
      for (const [index, elements] of chunks.entries()) {
        const text = elements.join("\n");
        if (!mayHave(search.words, text)) continue;
        const from = CHUNK_EVENTS * (numbers[index] ?? 0);
        const lines = text.split("\n").slice(0, end - from);
        for (const [back, line] of lines.toReversed().entries()) yield { number: from + lines.length - 1 - back, line };
      }
      next -= numbers.length;
      some = Math.min(2 * some, MAX_CHUNKS);
    }
  }

  async function find(id: string): Promise<PastEvent | undefined> {
    for await (const found of matches({ ...EVERYTHING, words: [lowerCase(id)] }))
      if (found.event.id === id) return found;
    return undefined;
  }

  /** How many events the history holds, and since when. */
  async function reach(): Promise<Reach> {
    const reaches = await Promise.all(shards.map(reachOf));
    const since = reaches.flatMap((one) => one.since ?? []).toSorted()[0];
    return { events: reaches.reduce((sum, { events }) => sum + events, 0), ...(since !== undefined && { since }) };
  }

  async function reachOf({ history, past }: SourceKeys): Promise<Reach> {
    const [count, first] = await redis.hmget(history, "count", "first");
    const oldest = Number(first ?? 0);
    const at = Number.parseInt((await redis.lindex(past(oldest), 0)) ?? "", 10);
    return { events: Number(count ?? 0) - oldest * CHUNK_EVENTS, ...(at > 0 && { since: new Date(at).toISOString() }) };
  }
}

async function nextOf(reader: AsyncGenerator<PastEvent, void>): Promise<PastEvent | undefined> {
  const { value } = await reader.next();
  return value ?? undefined;
}

function newestOf(heads: readonly (PastEvent | undefined)[]): number {
  const times = heads.map((head) => head?.event.confirmedAt ?? "");
  return times.indexOf(times.toSorted().at(-1) ?? "");
}

function numberIn(text = ""): number | undefined {
  return text === "" ? undefined : Number(text);
}

function readLine(line: string, number: number): PastEvent | undefined {
  const [endedAt, reason, source, firstSeen, ...lived] = line.split("\t");
  const life = readLife(lived.join("\t"), Number(firstSeen));
  const [id] = lived;
  if (!life || !id || source === undefined) return undefined;
  const { entries: told, ...about } = life;
  const confirmedAt = new Date(Number(endedAt)).toISOString();
  const isDiscarded = told.some(({ what, result }) => what === "action" && result?.startsWith("discarded"));
  const confirmed: LifeEntry = {
    at: confirmedAt,
    what: "confirming",
    result: ENDINGS.get(reason ?? "") ?? "confirmed",
  };
  const event: DeskEvent = {
    id,
    vendor: source.split("/", 1)[0] ?? "",
    source,
    door: told.some(({ what }) => what === "delivered") ? "pull" : "push",
    ...about,
    deliveries: Math.max(1, about.deliveries),
    state: isDiscarded ? "discarded" : "confirmed",
    firstSeen: new Date(Number(firstSeen)).toISOString(),
    ...factsOf(told),
    confirmedAt,
  };
  return { event, entries: [...told, confirmed], number };
}

/** Why an event is over. The reasons are those of `src/ledger/states.ts`. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ["taken", "confirmed"],
  ["succeeded", "handled; the answer 200 had confirmed it"],
  ["given up", "given up"],
  ["by hand", "taken for confirmed by a person"],
  ["went back", "taken for confirmed, since Redis' data went back"],
  ["forgotten", "its vendor has forgotten it"],
  ["stayed away", "taken for confirmed, since it did not come back"],
]);
