/** The desk: what people find, and machines that ask in their place. */
import type { Redis } from "ioredis";
import { z } from "zod";
import { isObject, type JsonObject } from "../core/event.ts";
import type { Keys } from "../ledger/keys.ts";
import type { EventPage, EventWithLife } from "./contract.ts";
import { createGroups } from "./groups.ts";
import { createOpenLists, type Place } from "./open-lists.ts";
import { EVERYTHING, type Search } from "./search.ts";

export type DeskOptions = {
  readonly redis: Redis;
  readonly keys: Keys;
  /** Names, also of those that are no longer configured. */
  readonly knownSources: () => Promise<readonly string[]>;
  readonly retentionOf: (source: string) => number;
  readonly retry: (id: string) => Promise<boolean>;
};

export type Asked = { readonly search?: Search; readonly limit: number; readonly cursor?: string | undefined };

/** A cursor that is none of ours. */
export class CursorError extends Error {
  override readonly name = "CursorError";
}

export function createDesk({ redis, keys, knownSources, retentionOf, retry }: DeskOptions) {
  const open = createOpenLists({ redis, keys, knownSources, retentionOf });

  return { ...createGroups({ open, retry }), events, event };

  async function events({ search = EVERYTHING, limit, cursor }: Asked): Promise<EventPage> {
    const found: EventPage["events"][number][] = [];
    let last: Place | undefined;
    for await (const { event: one, place } of open.matches(
      search,
      cursor === undefined ? undefined : readCursor(cursor),
    )) {
      // There is one more.
      if (found.length === limit) return { events: found, ...(last && { cursor: textOf(last) }) };
      found.push(one);
      last = place;
    }
    return { events: found };
  }

  async function event(id: string): Promise<EventWithLife | undefined> {
    const [row] = await open.named([id]);
    if (!row) return undefined;
    const body = bodyIn(await redis.hget(keys.keysOf(row.event.source).job(id), "data"));
    return { ...row.event, ...(body && { body }), life: [] };
  }
}

const Data = z.object({ body: z.custom<JsonObject>(isObject) });

function bodyIn(data: string | null): JsonObject | undefined {
  return Data.safeParse(JSON.parse(data ?? "null")).data?.body;
}

const Cursor = z.tuple([z.string(), z.string().regex(/^\d*$/), z.string()]);

function textOf({ list, score, member }: Place): string {
  return Buffer.from(JSON.stringify([list, score, member])).toString("base64url");
}

function readCursor(text: string): Place {
  try {
    const [list, score, member] = Cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
    return { list, score, member };
  } catch (cause) {
    throw new CursorError("this cursor is none of ours: take the one that the page before came with", { cause });
  }
}
