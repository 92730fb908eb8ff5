/**
 * The events of Alibaba Cloud VOD, by HTTP or through a queue: each EventType and its documented fields. Types that are
 * not listed here work too, but their payloads are untyped.
 *
 * The event keeps what the vendor sent, letter by letter. Handlers get a view that is easier to read: see `viewOf`.
 */
import { storable } from "../../parsing/storable.ts";
import type { JsonObject } from "../../../core/event.ts";
import type { EventFields } from "./event-fields.ts";
import { tidy } from "./tidy.ts";

export const VENDOR = "alibaba-vod";

/** The type of an event that names no type. */
export const NO_TYPE = "(none)";

/** The vendor's longest type has a third of this length. A longer one would only flood logs, metrics and pages. */
const MOST_OF_A_TYPE = 100;

export type EventType = keyof EventFields;

/**
 * The payload of a handler of type `T`: the documented fields, or the whole view for a type that is not listed. Any
 * field may be missing: the vendor's own samples lack required ones.
 */
export type PayloadOf<T extends string> = (T extends EventType ? EventFields[T] : JsonObject) & Success;

type View = JsonObject & Success;

type Success = {
  /**
   * The vendor's `Status` as true or false, since types use different words. Without a `Status`: true if there is no
   * error.
   */
  readonly ok: boolean;
};

/**
 * The event in a form that is easy to use. Keys lose the blanks that some end in. JSON inside a text is parsed, and
 * left out if it is not JSON. Every object with a `Status` also gets `ok`. The user's own texts (`Extend`, `UserData`)
 * stay as they are.
 */
export function viewOf<T extends string>(type: T, body: JsonObject): PayloadOf<T>;
// The types above state what the vendor documents. Nothing checks the event against them.
export function viewOf(_type: string, body: JsonObject): View {
  const view = tidy(body);
  return { ...view, ok: typeof view["Status"] === "string" ? view["ok"] === true : !view["ErrorCode"] };
}

/**
 * Reads an event as the vendor sends it, through either door. Undefined if it is not a JSON object or cannot be stored.
 */
export function readEvent(text: string): { readonly type: string; readonly body: JsonObject } | undefined {
  const body = storable(parse(text));
  return body && { type: typeOf(body), body };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function typeOf(body: JsonObject): string {
  const [, type] = Object.entries(body).find(([key]) => key.trim() === "EventType") ?? [];
  return (typeof type === "string" && type.trim().slice(0, MOST_OF_A_TYPE)) || NO_TYPE;
}
