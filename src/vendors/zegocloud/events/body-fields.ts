import type { JsonObject } from "../../../core/event.ts";

/** The case of the name does not matter: half of the vendor's products write `Timestamp`. */
export function fieldOf(body: JsonObject, name: string): unknown {
  if (Object.hasOwn(body, name)) return body[name];
  return Object.entries(body).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** The value as decimal text, as it was signed. Undefined for a value that cannot be part of a proof. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}
