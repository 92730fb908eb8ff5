/** The expected body of an accepted call. It is computed without the receivers' code. */
import { isObject, type JsonObject } from "../../../src/core/event.ts";
import type { PushingVendor } from "./vendors.ts";

/** `raw`: the body is kept only as text. `either`: it is too near a limit to tell, or it is not plain JSON. */
export type Expected = { readonly body: JsonObject } | { readonly texts: readonly string[] } | "raw" | "either";

/** Nesting levels of objects and lists. The vendors' parsers count slightly differently, hence the gap. */
const [SURELY_KEPT, SURELY_TOO_DEEP] = [99, 102];
const NOT_KEPT: Readonly<Record<PushingVendor["name"], (key: string) => boolean>> = {
  "tencent-vod": (key) => ["Sign", "T", "EventHandle"].includes(key),
  "alibaba-vod": () => false,
  zegocloud: (key) => key.toLowerCase() === "signature",
};

export function expectedOf(vendor: PushingVendor["name"], text: string): Expected {
  const isZego = vendor === "zegocloud";
  if (isZego && !text.trim().startsWith("{")) return "either";
  const sent = parsed(text);
  if (!isObject(sent)) return "raw";
  const levels = levelsOf(sent);
  if (levels > SURELY_KEPT) return levels < SURELY_TOO_DEEP ? "either" : "raw";
  if (vendor === "tencent-vod" && typeof sent["eventType"] === "string" && isObject(sent["data"]))
    return { texts: textsIn(sent["data"]) };
  const stored = parsed(isZego ? JSON.stringify(JSON.parse(text, withDigits)) : JSON.stringify(sent));
  const kept = Object.entries(isObject(stored) ? stored : {}).filter(([key]) => !NOT_KEPT[vendor](key));
  const body = Object.fromEntries(kept);
  return { body: vendor === "tencent-vod" ? withoutNulls(body) : body };
}

/** Whether `raw` is the whole text without the proof that it was genuine. */
export function isTextOf(raw: string, text: string): boolean {
  const parts = raw.split(/"(?:Sign|T)":"\(removed\)"|\(signature\)/);
  if (!text.startsWith(parts[0] ?? "") || !text.endsWith(parts.at(-1) ?? "")) return false;
  if (parts.length === 1) return raw === text;
  let at = 0;
  return parts.every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
}

/** All texts in a value, at any depth. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Counts level by level. A recursive count could overflow the stack. */
function levelsOf(root: unknown): number {
  let levels = 0;
  for (let level = [root]; level.some(isContainer); levels += 1)
    level = level.flatMap((value) => (isContainer(value) ? Object.values(value) : []));
  return levels;
}

/** The items of lists stay. */
function withoutNulls(body: JsonObject): JsonObject {
  return JSON.parse(
    JSON.stringify(body, (_, value: unknown) =>
      isObject(value) ? Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) : value,
    ),
  );
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function withDigits(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source ?? "";
  const isExact = /^-?\d+$/.test(source) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return typeof value === "number" && !isExact ? source : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
