/**
 * Tencent VOD's events, as handlers get them. Types that are not in the table work too, but their payloads are untyped.
 */
import type { JsonObject } from "../../../core/event.ts";
import { canonical, fieldOf, otherSpelling, type PayloadOf, TYPES } from "./event-types.ts";

export const VENDOR = "tencent-vod";

/** The source of an application's events. It is the same for both doors. */
export function sourceName(subAppId: number | undefined): string {
  return subAppId === undefined ? VENDOR : `${VENDOR}/${subAppId}`;
}

/** The type of an event that names no type and whose content does not show one either. */
export const NO_TYPE = "(none)";

/** The vendor's longest type has half of this length. A longer one would only flood logs, metrics and pages. */
const MOST_OF_A_TYPE = 100;

/** Undefined when the event lacks the field of its type. */
export function payloadOf<T extends string>(type: T, body: JsonObject): PayloadOf<T> | undefined {
  const field = fieldOf(type);
  const content = field === undefined ? body : contentOf(body, field);
  return isPayload(type, content) ? content : undefined;
}

/** The type that the event names. Some events name none: then the type is that of their only content. */
export function typeOf(body: JsonObject): string {
  const type = typeof body["EventType"] === "string" ? body["EventType"].trim() : "";
  if (type !== "") return canonical(type.slice(0, MOST_OF_A_TYPE));
  const [only, ...more] = contents(body);
  return (only && more.length === 0 && TYPES.get(only[0])) || NO_TYPE;
}

/**
 * The event in its newest spelling. So it has one fingerprint, whatever its spelling and its door. Nearly all events
 * have that spelling already.
 */
export function identityOf(body: JsonObject): JsonObject {
  const type = typeOf(body);
  const isNewest = Object.keys(body).every((key) => newestOf(key) === key);
  if (isNewest && body["EventType"] === type) return body;
  const fields = Object.entries(body).map(([key, value]) => {
    const newest = newestOf(key);
    return [Object.hasOwn(body, newest) ? key : newest, value];
  });
  return { ...Object.fromEntries(fields), EventType: type };
}

function newestOf(key: string): string {
  return fieldOf(TYPES.get(key) ?? "") ?? key;
}

/**
 * The content under either spelling of the field. Else the only content there is, unless it belongs to another type.
 */
function contentOf(body: JsonObject, field: string): unknown {
  const found = contents(body);
  const [only, ...more] = found;
  const own = found.find(([key]) => key === field) ?? found.find(([key]) => key === otherSpelling(field));
  return own ? own[1] : only && more.length === 0 && !TYPES.has(only[0]) ? only[1] : undefined;
}

/** Handlers' tests may pass the vendor's own form, in which the fields of all other types are null. */
function contents(body: JsonObject): (readonly [key: string, content: unknown])[] {
  return Object.entries(body).filter(
    ([, value]) => typeof value === "object" && value !== null && !Array.isArray(value),
  );
}

/** We check only that the content is an object. Its fields are as the vendor sent them. */
function isPayload<T extends string>(_type: T, content: unknown): content is PayloadOf<T> {
  return typeof content === "object" && content !== null;
}
