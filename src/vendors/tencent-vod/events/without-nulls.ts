import { isObject, type JsonObject } from "../../../core/event.ts";

/**
 * The body without fields that are null, at any depth. An item of a list stays, since the others would change places.
 *
 * PullEvents gives each event the fields of all other types as nulls, which are two thirds of its size. The normal
 * callback leaves them out. The vendor's SDK declares its fields as optional and never as null. So the event has one
 * form, whatever its door. The body must be storable.
 */
export function withoutNulls(body: JsonObject): JsonObject {
  return mapFields(body, (value) => (hasNull(value) ? copied(value) : value));
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  return isObject(value) ? mapFields(value, copied) : value;
}

/** Does not assign fields, because that would lose one called __proto__. */
function mapFields(object: JsonObject, map: (value: unknown) => unknown): JsonObject {
  const present = Object.keys(object).filter((key) => object[key] !== null);
  return Object.fromEntries(present.map((key) => [key, map(object[key])]));
}

/** Whether a field in it is null. Most contents have none, and need no copy. */
function hasNull(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasNull);
  if (!isObject(value)) return false;
  for (const key in value) if (value[key] === null || hasNull(value[key])) return true;
  return false;
}
