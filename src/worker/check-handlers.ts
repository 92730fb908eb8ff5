import { z } from "zod";
import { ConfigError } from "../config/config-error.ts";
import type { Config } from "../config/config.ts";
import { isObject } from "../core/event.ts";
import { messageOf } from "../core/failure.ts";
import { assertDistinct } from "../core/handlers.ts";
import type { Handler } from "../core/handler.ts";
import { strangeFields } from "./strange-fields.ts";
import { unlistedTypes } from "./unlisted-types.ts";

type Checked = { readonly list: readonly Handler[]; readonly notes: readonly string[] };

/**
 * Returns the list if every entry is a handler and no two handlers are for the same type. Otherwise it throws, and `name`
 * begins the message. An unknown type, or a field that looks like an option, gives a note, or a mistake with `strict`.
 */
export function checkHandlers(list: unknown, name: string, { strict = false } = {}): Checked {
  if (!Array.isArray(list)) {
    throw new ConfigError([`${name} exports ${kindOf(list)}, not a list; write: export default [ ...your handlers ]`]);
  }
  const entries: readonly unknown[] = list;
  const mistakes = entries.flatMap((entry, index) => mistakesOf(entry).map((text) => `${name}: entry ${index}${text}`));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const handlers = entries.filter(isHandler);
  try {
    assertDistinct(handlers);
  } catch (cause) {
    throw new ConfigError([`${name} has ${messageOf(cause)}`], { cause });
  }
  const notes = [...unlistedTypes(handlers), ...strangeFields(handlers)].map((text) => `${name}: ${text}`);
  if (strict && notes.length > 0) throw new ConfigError(notes);
  return { list: handlers, notes };
}

/** The number of handlers per vendor. `*` counts those for all vendors. */
export function byVendor(handlers: readonly Handler[]): Readonly<Record<string, number>> {
  const lists = Map.groupBy(handlers, ({ vendor }) => vendor);
  return Object.fromEntries([...lists].map(([vendor, list]) => [vendor, list.length]));
}

/** Whether one of them takes every event without a handler of its own. */
export function takesEverything(handlers: readonly Handler[]): boolean {
  return handlers.some(({ vendor, type }) => vendor === "*" && type === "*");
}

/** Throws if a handler takes every event already: then FORWARD_URL would never get one. */
export function assertRoomToForward({ forward }: Pick<Config, "forward">, handlers: readonly Handler[]): void {
  if (forward && takesEverything(handlers)) {
    throw new ConfigError(['FORWARD_URL: your handlers already have one for every type ("*"); keep one of the two']);
  }
}

const COUNT = "a whole number from 1 on";
const SIZE = "a whole number from 2 on";
const RATE = "a number above 0, at most 10000";

/** Each message says what to use instead. */
const Entry = z.looseObject({
  vendor: z.string("a text").min(1, "a text"),
  type: z.string("a text").min(1, "a text"),
  run: z.custom<Handler["run"]>((value) => typeof value === "function", "a function"),
  attempts: z.int(COUNT).min(1, COUNT).optional(),
  backoffMs: z.number("a number from 0 on").min(0, "a number from 0 on").optional(),
  timeoutMs: z.number("a number from 1 on").min(1, "a number from 1 on").optional(),
  concurrency: z.int(COUNT).min(1, COUNT).optional(),
  perSecond: z.number(RATE).positive(RATE).max(10_000, RATE).optional(),
  afterParked: z.enum(["goes on", "holds"], '"goes on" or "holds"').optional(),
  batch: z
    .looseObject({
      size: z.int(SIZE).min(2, SIZE),
      lingerMs: z.number("a number from 0 on").min(0, "a number from 0 on"),
      run: z.custom((value) => typeof value === "function", "a function"),
    })
    .optional(),
  orderKey: z.custom((value) => typeof value === "function", "a function").optional(),
});

function mistakesOf(entry: unknown): readonly string[] {
  if (Array.isArray(entry)) return [" is a list; if it is one of handlers, put its entries here: ...onMedia(run)"];
  if (!isObject(entry)) {
    return [
      ` is ${kindOf(entry)}, not a handler; make one with on("NewFileUpload", async (payload, context) => { ... })`,
    ];
  }
  const { type } = entry;
  const whose = typeof type === "string" ? `, for ${JSON.stringify(type)},` : "";
  const { data, error } = Entry.safeParse(entry);
  if (data?.batch && (data.perSecond !== undefined || data.orderKey !== undefined))
    return [`${whose} takes its events in batches: leave out perSecond and orderKey, which are about single events`];
  const issues = error?.issues ?? [];
  return issues.map(({ path, message }) => {
    const given = path.reduce<unknown>((value, key) => (isObject(value) ? value[String(key)] : undefined), entry);
    return `${whose} is not a handler: ${path.join(".")} is ${nameOf(given)}; use ${message}`;
  });
}

/** Returns the entry itself and not zod's copy, because its `run` may use `this`. */
function isHandler(entry: unknown): entry is Handler {
  return Entry.safeParse(entry).success;
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function nameOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? JSON.stringify(value) : kindOf(value);
}
