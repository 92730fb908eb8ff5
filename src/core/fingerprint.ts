/**
 * The identity of an event. Vendors give no event id, and the receipt changes with every delivery. So the content
 * decides: the same body within one source has the same fingerprint, in any order of its keys.
 */
import { hash } from "node:crypto";
import { isObject } from "./event.ts";

/** Part of every fingerprint. Another canonical form needs another version: old records must still be found. */
const VERSION = "1";

/**
 * Identity of an event's content. `source` is the configured name, never an account's key: keys are rotated while
 * events wait. The body comes without its receipt; a field that is null counts as one that is missing, since the
 * vendors send both.
 */
export function fingerprint(source: string, body: unknown): string {
  return digest(`fingerprint ${VERSION}\n${JSON.stringify(source)}\n${canonicalJson(body)}`);
}

/**
 * The id of an event that was first delivered with this receipt. A hash, since whoever has a receipt can confirm with
 * it; prefixed, since it becomes a job id, and the queue takes none that is a number or carries a colon.
 */
export function eventId(source: string, receipt: string, contentFingerprint: string): string {
  return `ev-${digest(`event ${VERSION}\n${JSON.stringify([source, receipt, contentFingerprint])}`)}`;
}

/** 22 characters of base64url are 132 bits: no two events meet by chance. */
function digest(text: string): string {
  return hash("sha256", text, "base64url").slice(0, 22);
}

type Opened = { readonly keys: readonly string[] | undefined; readonly values: readonly unknown[]; next: number };

/** Keys sorted, null fields left out, big integers as their digits. A loop, since a hostile body may nest a million deep. */
function canonicalJson(root: unknown): string {
  const path: Opened[] = [];
  let text = write(root, path);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const at = top.next++;
    if (at === top.values.length) {
      text += top.keys ? "}" : "]";
      path.pop();
      continue;
    }
    if (at > 0) text += ",";
    if (top.keys) text += `${quote(top.keys[at] ?? "")}:`;
    text += write(top.values[at], path);
  }
  return text;
}

/** The value itself, or the bracket that opens it: then its content is put on the path, to be written next. */
function write(value: unknown, path: Opened[]): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (isObject(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== null && value[key] !== undefined);
    // Without a comparison of ours the order is the same, by UTF-16 code units, and found several times faster.
    keys.sort();
    path.push({ keys, values: keys.map((key) => value[key]), next: 0 });
    return "{";
  }
  if (!Array.isArray(value)) return "null";
  path.push({ keys: undefined, values: value, next: 0 });
  return "[";
}

/** Most texts need no escapes; to see that takes half as long as to write them as JSON. */
function quote(text: string): string {
  return NO_ESCAPES.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** All from the space on, but quotes, backslashes and halves of surrogate pairs. */
const NO_ESCAPES = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;
