/** Reads a vendor's fields and trusts none of them. A field of an unexpected type counts as missing. */
import { isObject, type JsonObject } from "../../core/event.ts";

/** A number as text, or a text that is not blank. Ids come as both. */
export function textIn(object: JsonObject, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = object[key];
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  return undefined;
}

/** A number, or a text that is one. */
export function numberIn(object: JsonObject, key: string): number | undefined {
  const text = textIn(object, key);
  const number = text === undefined ? NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** An empty object if the field holds none. */
export function objectIn(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

/** Undefined if the field holds no list. Items that are no objects are left out. */
export function objectsIn(object: JsonObject, key: string): readonly JsonObject[] | undefined {
  const value: unknown = object[key];
  return Array.isArray(value) ? value.filter(isObject) : undefined;
}

export function textsIn(object: JsonObject, key: string): readonly string[] {
  const value: unknown = object[key];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function isKey<O extends object>(object: O, key: PropertyKey): key is keyof O {
  return Object.hasOwn(object, key);
}
