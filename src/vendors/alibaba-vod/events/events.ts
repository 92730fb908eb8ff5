/**
 * What Alibaba Cloud VOD reports, by HTTP or through a queue: each EventType and the fields documented for it. A type that
 * is not listed here works as well, without types.
 *
 * The event keeps what the vendor sent, letter by letter. Handlers get a view of it that is easier to read: see `viewOf`.
 */
import { storable } from "../../parsing/storable.ts";
import type { JsonObject } from "../../../core/event.ts";
import type { EventFields } from "./event-fields.ts";
import { tidy } from "./tidy.ts";

export const VENDOR = "alibaba-vod";

/** The type of an event that does not say what it is. */
export const NO_TYPE = "(none)";

/** The vendor's longest is a third of it. What is longer would only flood logs, metrics and pages. */
const MOST_OF_A_TYPE = 100;

export type EventType = keyof EventFields;

/**
 * What a handler of type `T` is given: the fields that are documented, or the whole view of a type not listed. No field is
 * certain to be there: the vendor's own samples lack required ones.
 */
export type PayloadOf<T extends string> = (T extends EventType ? EventFields[T] : JsonObject) & Success;

type View = JsonObject & Success;

type Success = {
  /** The vendor's `Status`, for which it has several vocabularies, as a yes or no; without one, that there is no error. */
  readonly ok: boolean;
};

/**
 * The event as a handler wants it: keys without the blanks that some end in, JSON inside a text opened (left out where it is
 * none), and `ok` beside every `Status`. What the user sent along (`Extend`, `UserData`) stays the text it was.
 */
export function viewOf<T extends string>(type: T, body: JsonObject): PayloadOf<T>;
// What is in the event is the vendor's word: the types above say what it documents, and nobody checks.
export function viewOf(_type: string, body: JsonObject): View {
  const view = tidy(body);
  return { ...view, ok: typeof view["Status"] === "string" ? view["ok"] === true : !view["ErrorCode"] };
}

/** An event as the vendor sends it, through either door; undefined when it is not a JSON object, or none to be kept. */
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
