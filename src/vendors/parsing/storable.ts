import { isObject, type JsonObject } from "../../core/event.ts";

/**
 * Vendors' events have a handful of levels. Hundreds would overflow the stack of code that copies or compares the
 * event.
 */
const MOST_LEVELS = 100;

/**
 * The parsed body as the queue will return it. It is the same object, unless it holds a number that JSON cannot write.
 * Undefined if the body is not an object, or is nested too deep to be stored.
 */
export function storable(value: unknown): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  // One walk for nearly all bodies.
  if (isAsWritten(value, MOST_LEVELS)) return value;
  if (!isShallow(value)) return undefined;
  const kept: unknown = JSON.parse(JSON.stringify(value));
  return isObject(kept) ? kept : undefined;
}

/** Whether the value is shallow enough to be written and copied. */
export function isShallow(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

/**
 * Whether the value is shallow enough, and survives being written as JSON and parsed again. Parsing can make numbers
 * that do not: 1e400 and -0.
 */
function isAsWritten(value: unknown, levels: number): boolean {
  if (value === null) return true;
  if (typeof value === "object" && levels === 0) return false;
  if (isObject(value)) {
    for (const key in value) if (!isAsWritten(value[key], levels - 1)) return false;
    return true;
  }
  if (Array.isArray(value)) return value.every((inner) => isAsWritten(inner, levels - 1));
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === "string" || typeof value === "boolean";
}
