/** Makes what Alibaba Cloud sends readable, without touching the original. */
import { isShallow } from "../../parsing/storable.ts";
import { isObject, type JsonObject } from "../../../core/event.ts";

/** Fields that are documented to hold JSON inside a text. */
const JSON_TEXTS = new Set([
  "Data",
  "DynamicImageJobInfo",
  "ActivityResults",
  "TaskInput",
  "MediaContent",
  "FilterPolicy",
]);

/** The values inside this field are again JSON inside a text. */
const DOUBLY_PACKED = "MediaContent";

/** The user's own fields. They are passed on unchanged. */
const USERS_OWN = new Set(["Extend", "UserData"]);

/** `success`, `Success`, `Succeed`, `Finished`: every type of event has its own words. */
const SUCCESS = /^\s*(success|succeed|succeeded|finish|finished)\s*$/i;

/**
 * Documented events have at most 6 levels. Deeper levels are passed on unchanged: a hostile body may nest without end.
 */
const DEPTH = 12;

export function tidy(object: JsonObject, depth = DEPTH): JsonObject {
  const fields = Object.entries(object).map(([key, value]) => [key.trim(), key, value] as const);
  // If a key comes both with and without a blank, the one without counts, whatever their order.
  fields.sort(([a, rawA], [b, rawB]) => Number(a === rawA) - Number(b === rawB));
  const view = Object.fromEntries(fields.map(([key, , value]) => [key, tidyField(key, value, depth)]));
  return typeof view["Status"] === "string" ? { ...view, ok: SUCCESS.test(view["Status"]) } : view;
}

function tidyField(key: string, value: unknown, depth: number): unknown {
  if (USERS_OWN.has(key)) return value;
  if (!JSON_TEXTS.has(key)) return tidyValue(value, depth);
  const opened = typeof value === "string" ? openJson(value) : value;
  if (key !== DOUBLY_PACKED || !isObject(opened)) return tidyValue(opened, depth);
  const inner = Object.entries(opened).map(([name, text]) => [
    name,
    typeof text === "string" ? (openJson(text) ?? text) : text,
  ]);
  return tidyValue(Object.fromEntries(inner), depth);
}

function tidyValue(value: unknown, depth: number): unknown {
  if (depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => tidyValue(item, depth - 1));
  return isObject(value) ? tidy(value, depth - 1) : value;
}

function openJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // No handler could write a deeper value as JSON again.
    return typeof value === "object" && value !== null && isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
