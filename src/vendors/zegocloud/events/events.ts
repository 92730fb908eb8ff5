/**
 * What ZEGOCLOUD reports, by name. An event keeps what the vendor sent; a handler gets a view of it: the common fields in
 * lower case, the JSON that stands inside texts opened. A type that is not documented works as well, without types.
 */
import type { z } from "zod";
import { PermanentError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/event.ts";
import type { Described } from "./payloads/described.ts";
import type { Documented } from "./payloads/documented.ts";
import { PAYLOADS } from "./payloads.ts";
import { fieldOf, textOf } from "./body-fields.ts";

export const VENDOR = "zegocloud";

/** The type of an event that does not say what it is. */
export const NO_TYPE = "(none)";

export type EventType = keyof typeof PAYLOADS;

/** What a handler of type `T` is given: the fields it documents, or the whole body of a type not listed. */
export type PayloadOf<T extends string> = T extends keyof Described
  ? Described[T]
  : T extends EventType
    ? ReadPayloadOf<T>
    : JsonObject;

/** As its schema gives it. */
export type ReadPayloadOf<T extends EventType> = Documented<(typeof PAYLOADS)[T]>;

/** Throws a `PermanentError` that names the field when the event lacks what its type is about. */
export function payloadOf<T extends string>(type: T, body: JsonObject): PayloadOf<T> {
  const schema = SCHEMAS.get(type);
  const payload = schema ? readWith(schema, type, body) : body;
  if (!isPayload(type, payload)) throw new PermanentError(`${type} is no object`);
  return payload;
}

/**
 * Most events carry a name. Cloud recording and cloud player have numbers, and so have others: whose number it is is told
 * from a field that only the cloud player has. Another product of the vendor reuses the name `room_create`: nothing in the
 * event tells the two apart.
 */
export function typeOf(body: JsonObject): string {
  const name = fieldOf(body, "event");
  // A name of any length and alphabet would stand in metrics and logs.
  if (typeof name === "string" && /^[\w.:/-]{1,64}$/.test(name)) return name;
  if (isCount(body["event_type"])) return `cloud_recording/${body["event_type"]}`;
  if (!isCount(body["EventType"])) return NO_TYPE;
  return `${Object.hasOwn(body, "PlayerId") ? "cloud_player" : "EventType"}/${body["EventType"]}`;
}

const SCHEMAS = new Map<string, z.ZodType>(Object.entries(PAYLOADS));

function readWith(schema: z.ZodType, type: string, body: JsonObject): unknown {
  const read = schema.safeParse({ ...body, ...commonOf(body) });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const problem = issue?.message.endsWith("received undefined") ? "is missing" : issue?.message;
  throw new PermanentError(`${type} cannot be read: ${issue?.path.join(".")}: ${problem}`);
}

function commonOf(body: JsonObject): JsonObject {
  const appId = fieldOf(body, "appid") ?? body["app_id"];
  return {
    event: textOf(fieldOf(body, "event")),
    appid: textOf(appId),
    timestamp: textOf(fieldOf(body, "timestamp")),
    nonce: textOf(fieldOf(body, "nonce")),
  };
}

function isCount(value: unknown): value is string | number {
  return /^\d{1,6}$/.test(textOf(value) ?? "");
}

/** What is in it is for the schema to say, and for a type without one the vendor's word. */
function isPayload<T extends string>(_type: T, payload: unknown): payload is PayloadOf<T> {
  return typeof payload === "object" && payload !== null;
}
