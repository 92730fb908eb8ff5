/** The subjects of an event: the ids of files, tasks, jobs and sessions by which people look for it. */
import { isObject, type JsonObject } from "../core/event.ts";

export type SubjectsOf = (vendor: string, body: JsonObject) => readonly string[];

/** `fields`: by vendor name. */
export function createSubjectsOf(fields: ReadonlyMap<string, readonly string[]>): SubjectsOf {
  const sets = new Map([...fields].map(([vendor, names]) => [vendor, new Set(names)]));
  return (vendor, body) => {
    const names = sets.get(vendor);
    return names ? subjectsIn(body, names) : [];
  };
}

/** Longer texts are not ids. */
const MAX_LENGTH = 128;
/** A bound, since subjects are part of each event's line in the history. */
const MAX_SUBJECTS = 8;
/** A body may be a megabyte. Subjects are near its beginning. */
const MAX_LOOKS = 2_000;
const MAX_DEPTH = 8;

/** Finds the values of these fields at any depth of the body, those nearest to its top first. */
function subjectsIn(body: JsonObject, fields: ReadonlySet<string>): readonly string[] {
  const found = new Set<string>();
  let looks = 0;
  let level: readonly unknown[] = [body];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0 && found.size < MAX_SUBJECTS; depth += 1) {
    const next: unknown[] = [];
    for (const node of level) {
      if (Array.isArray(node)) {
        for (const item of node) {
          if ((looks += 1) > MAX_LOOKS) return [...found];
          note("", item, next);
        }
      } else if (isObject(node)) {
        for (const key in node) {
          if ((looks += 1) > MAX_LOOKS) return [...found];
          note(key, node[key], next);
        }
      }
    }
    level = next;
  }
  return [...found];

  function note(key: string, value: unknown, next: unknown[]): void {
    if (typeof value === "object") {
      if (value !== null) next.push(value);
      return;
    }
    if (typeof value !== "string" && typeof value !== "number") return;
    // One vendor's queue sends events whose keys end in blanks.
    if (!fields.has(key) && !(key.endsWith(" ") && fields.has(key.trim()))) return;
    const text = String(value);
    const isId = text !== "" && text.length <= MAX_LENGTH;
    if (isId && found.size < MAX_SUBJECTS) found.add(text);
  }
}
