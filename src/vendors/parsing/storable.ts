import { isObject, type JsonObject } from "../../core/event.ts";

/** Vendors' events have a handful of levels. One that has hundreds overflows the stack of whoever copies or compares it. */
const MOST_LEVELS = 100;

/**
 * A parsed body as it will come back from the queue: the same object, unless it carries a number that JSON cannot say.
 * Undefined when it is not an object, or nested too deep to be kept.
 */
export function storable(value: unknown): JsonObject | undefined {
  if (!isObject(value) || !isShallow(value)) return undefined;
  if (isAsWritten(value)) return value;
  const kept: unknown = JSON.parse(JSON.stringify(value));
  return isObject(kept) ? kept : undefined;
}

/** Whether it can be written and copied by whoever gets it. */
export function isShallow(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

/** Whether writing it as JSON and parsing that changes nothing. Parsing makes numbers that do change: 1e400 and -0. */
function isAsWritten(value: unknown): boolean {
  if (typeof value === "object") return value === null || Object.values(value).every(isAsWritten);
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === "string" || typeof value === "boolean";
}
