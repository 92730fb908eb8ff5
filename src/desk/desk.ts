/** The desk: finds events for people, and for programs that ask for them. */
import type { Redis } from "ioredis";
import { z } from "zod";
import type { Keys } from "../ledger/keys.ts";
import { createSeries, type SeriesName } from "../ledger/series.ts";
import type { DeskEvent, EventPage, EventWithLife, LifeEntry, Series } from "./contract.ts";
import { createDetails } from "./details.ts";
import { createGroups } from "./groups.ts";
import { createOpenLists, type Place } from "./open-lists.ts";
import { createParked } from "./parked.ts";
import { createPast } from "./past.ts";
import { createReceiverCounts } from "./receivers.ts";
import { summed } from "./series.ts";
import { EVERYTHING, lowerCase, type Search } from "./search.ts";

export type DeskOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  /** Includes sources that are no longer configured. */
  readonly knownSources: () => Promise<readonly string[]>;
  readonly retentionOf: (source: string) => number;
  readonly retry: (id: string, by?: string) => Promise<boolean>;
  /** The sources of callbacks that are configured here. */
  readonly receivers: readonly string[];
};

export type Asked = {
  readonly search?: Search;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

/** A cursor that this desk did not issue. */
export class CursorError extends Error {
  override readonly name = "CursorError";
}

const PAST = "past";
const MAX_NEIGHBOURS = 20;
const NEIGHBOURS_MS = 1_500;

export function createDesk({ redis, keys, knownSources, retentionOf, retry, receivers }: DeskOptions) {
  const open = createOpenLists({ redis, keys, knownSources, retentionOf });
  const past = createPast(redis, keys);
  const counts = createSeries(redis, keys);
  const detailsOf = createDetails(redis, keys);
  const readReceivers = createReceiverCounts({ redis, keys, receivers });

  return {
    ...createGroups({ open, parked: createParked({ redis, keys, open }), retry }),
    events,
    event,
    series,
    reach: past.reach,
    receivers: readReceivers,
  };

  async function series(range: SeriesName): Promise<Series> {
    const [steps, lastIn] = await Promise.all([counts.read(range), counts.lastIn()]);
    return summed(range, steps, lastIn);
  }

  /** Open events first, then those of the history, the newest first. */
  async function events({ search = EVERYTHING, limit, cursor }: Asked): Promise<EventPage> {
    const found: DeskEvent[] = [];
    const ids = new Set<string>();
    let last: Place | undefined;
    const from = cursor === undefined ? undefined : readCursor(cursor);
    for await (const { event: one, place } of all(search, from)) {
      // The event may have moved to another list meanwhile, or be in two: parked and confirmed.
      if (ids.has(one.id)) continue;
      // There is at least one more event.
      if (found.length === limit) return { events: found, ...(last && { cursor: textOf(last) }) };
      found.push(one);
      ids.add(one.id);
      last = place;
    }
    return { events: found };
  }

  async function* all(search: Search, from?: Place): AsyncGenerator<{ event: DeskEvent; place: Place }> {
    if (from?.list !== PAST) yield* open.matches(search, from);
    for await (const { event: one, place } of past.matches(search, from?.list === PAST ? from.score : undefined))
      yield { event: one, place: { list: PAST, score: place, member: "" } };
  }

  async function event(id: string): Promise<EventWithLife | undefined> {
    const [row] = await open.named([id]);
    const isOver = !row || row.event.state === "confirmed";
    const over = isOver ? await past.find(id) : undefined;
    const found = over ?? row ?? (await handled(id));
    if (!found) return undefined;
    const [details, near] = await Promise.all([row && detailsOf(row), neighboursOf(found.event)]);
    const life = withArrival(found);
    const lastDelivery = life.findLast(({ what }) => what === "delivered")?.at;
    const isAgain = found.event.deliveries > 1 && lastDelivery !== undefined;
    return { ...found.event, ...details, life, ...(isAgain && { lastDelivery }), ...near };
  }

  /** Searches one subject after another, for as long as a person would wait. */
  async function neighboursOf({ id, subjects }: DeskEvent) {
    if (subjects.length === 0) return {};
    const near = new Map<string, DeskEvent>();
    const until = performance.now() + NEIGHBOURS_MS;
    for (const subject of subjects)
      for await (const { event: one } of all({ ...EVERYTHING, words: [lowerCase(subject)], until })) {
        if (one.id === id || !one.subjects.includes(subject)) continue;
        if (near.size === MAX_NEIGHBOURS && !near.has(one.id))
          return { neighbours: [...near.values()], areAllNeighbours: false };
        near.set(one.id, one);
      }
    return { neighbours: [...near.values()], areAllNeighbours: performance.now() < until };
  }

  /** Its job is gone, and its confirmation is due. */
  async function handled(id: string) {
    for await (const row of open.matches({ ...EVERYTHING, words: [lowerCase(id)], states: ["handled"] }))
      if (row.event.id === id) return row;
    return undefined;
  }
}

/** A pushed event has no entry for its delivery. */
function withArrival({ event: { firstSeen: at }, entries }: { event: DeskEvent; entries: readonly LifeEntry[] }) {
  const isKnown = entries.some(({ what }) => what === "delivered");
  return isKnown ? entries : [{ at, what: "delivered" as const }, ...entries];
}

/** A place in the history has a number for each shard. */
const Cursor = z.union([
  z.tuple([z.literal(PAST), z.string().regex(/^\d*(\.\d+)*$/), z.string()]),
  z.tuple([z.string(), z.string().regex(/^\d*$/), z.string()]),
]);

function textOf({ list, score, member }: Place): string {
  return Buffer.from(JSON.stringify([list, score, member])).toString("base64url");
}

function readCursor(text: string): Place {
  try {
    const [list, score, member] = Cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
    return { list, score, member };
  } catch (cause) {
    throw new CursorError("this cursor is not valid: use the one from the previous page", { cause });
  }
}
