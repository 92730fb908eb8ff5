import type { JsonObject } from "../../../core/event.ts";

/** Looked up whatever the case: half of the vendor's products write `Timestamp`. */
export function fieldOf(body: JsonObject, name: string): unknown {
  if (Object.hasOwn(body, name)) return body[name];
  return Object.entries(body).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Decimal text, as it was signed; undefined for what can be no part of a proof. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}
