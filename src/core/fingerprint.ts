/**
 * The identity of an event. Vendors give no event id, and the receipt changes with every delivery. So the content is
 * the identity: the same body within one source has the same fingerprint, whatever the order of its keys.
 */
import { hash } from "node:crypto";
import { isObject } from "./event.ts";

/** Part of every fingerprint. A new canonical form needs a new version, since old records must still be found. */
const VERSION = "1";

/**
 * Identity of an event's content. `source` is the configured name, not the key of an account: keys are rotated while
 * events wait. The body comes without its receipt. A null field counts as missing, since the vendors send both forms.
 */
export function fingerprint(source: string, body: unknown): string {
  return digest(`fingerprint ${VERSION}\n${JSON.stringify(source)}\n${canonicalJson(body)}`);
}

/**
 * The id of an event that was first delivered with this receipt. It is a hash, because anyone who has a receipt can
 * confirm with it. It has a prefix, because it becomes a job id, and the queue accepts no id that is a number or
 * contains a colon.
 */
export function eventId(source: string, receipt: string, contentFingerprint: string): string {
  return `ev-${digest(`event ${VERSION}\n${JSON.stringify([source, receipt, contentFingerprint])}`)}`;
}

/** 22 characters of base64url are 132 bits. No two events collide by chance. */
function digest(text: string): string {
  return hash("sha256", text, "base64url").slice(0, 22);
}

/** An object has keys. An array has none. */
type Opened = {
  readonly keys: readonly string[] | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly items: readonly unknown[];
  next: number;
};

const NO_FIELDS = {};
const NO_ITEMS: readonly unknown[] = [];

/**
 * Keys sorted, null fields left out, big integers as digits. A loop, because a hostile body may be nested a million
 * levels deep. It leaves little for the garbage collector, which otherwise takes as long as the loop.
 */
function canonicalJson(root: unknown): string {
  const path: Opened[] = [];
  let text = write(root, path);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const { keys, fields, items } = top;
    const at = top.next++;
    if (at === (keys ?? items).length) {
      text += keys ? "}" : "]";
      path.pop();
      continue;
    }
    if (at > 0) text += ",";
    if (keys) {
      const key = keys[at] ?? "";
      text += quote(key);
      text += ":";
      text += write(fields[key], path);
    } else text += write(items[at], path);
  }
  return text;
}

/** Writes the value itself, or its opening bracket. In that case the content goes on the path, to be written next. */
function write(value: unknown, path: Opened[]): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (isObject(value)) {
    path.push({ keys: sortedKeysOf(value), fields: value, items: NO_ITEMS, next: 0 });
    return "{";
  }
  if (!Array.isArray(value)) return "null";
  path.push({ keys: undefined, fields: NO_FIELDS, items: value, next: 0 });
  return "[";
}

/** The keys whose values are not null, by UTF-16 code units. */
function sortedKeysOf(value: Readonly<Record<string, unknown>>): readonly string[] {
  const keys: string[] = [];
  for (const key of Object.keys(value)) if (value[key] !== null && value[key] !== undefined) keys.push(key);
  // The default order is by UTF-16 code units too. But sort copies its array, which costs as much as sorting a few keys.
  if (keys.length > FEW) return keys.toSorted();
  for (let sorted = 1; sorted < keys.length; sorted += 1) {
    const key = keys[sorted] ?? "";
    let at = sorted;
    for (let before = keys[at - 1]; before !== undefined && before > key; before = keys[at - 1]) {
      keys[at] = before;
      at -= 1;
    }
    keys[at] = key;
  }
  return keys;
}

const FEW = 24;

/** Most texts need no escapes. This check takes half as long as JSON.stringify. */
function quote(text: string): string {
  return NO_ESCAPES.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** All characters from the space on, except quotes, backslashes and halves of surrogate pairs. */
const NO_ESCAPES = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;
