/**
 * ZEGOCLOUD's events, by name. An event keeps what the vendor sent. A handler gets a view of it: the common fields are
 * in lower case, and JSON inside texts is parsed. Types that are not documented work too, but their payloads are
 * untyped.
 */
import type { z } from "zod";
import { PermanentError } from "../../../core/errors.ts";
import type { JsonObject } from "../../../core/event.ts";
import type { Described } from "./payloads/described.ts";
import type { Documented } from "./payloads/documented.ts";
import { PAYLOADS } from "./payloads.ts";
import { fieldOf, textOf } from "./body-fields.ts";

/** The type of an event that names no type. */
export const NO_TYPE = "(none)";

export type EventType = keyof typeof PAYLOADS;

/** The payload of a handler of type `T`: the documented fields, or the whole body for a type that is not listed. */
export type PayloadOf<T extends string> = T extends keyof Described
  ? Described[T]
  : T extends EventType
    ? ReadPayloadOf<T>
    : JsonObject;

/** The payload as its schema reads it. */
export type ReadPayloadOf<T extends EventType> = Documented<(typeof PAYLOADS)[T]>;

/** If the event does not fit its schema, throws a `PermanentError` that names the field. */
export function payloadOf<T extends string>(type: T, body: JsonObject): PayloadOf<T> {
  const schema = SCHEMAS.get(type);
  const payload = schema ? readWith(schema, type, body) : body;
  if (!isPayload(type, payload)) throw new PermanentError(`${type} is no object`);
  return payload;
}

/**
 * Most events carry a name. Cloud recording and cloud player send numbers, and so do other products. Only the cloud
 * player sends `PlayerId`, so that field tells its numbers from those of others. Another product of the vendor also
 * uses the name `room_create`, and nothing in the event tells the two apart.
 */
export function typeOf(body: JsonObject): string {
  const name = fieldOf(body, "event");
  // Metrics and logs show the name, so its length and its alphabet are limited.
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

/** The schema has checked the content. For a type without a schema, the content is as the vendor sent it. */
function isPayload<T extends string>(_type: T, payload: unknown): payload is PayloadOf<T> {
  return typeof payload === "object" && payload !== null;
}
