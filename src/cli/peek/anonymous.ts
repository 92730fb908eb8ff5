/**
 * Replaces ids, names and addresses. Equal values get equal replacements of the same form. A value is replaced if its
 * field's name says so, or if it looks like an address. JSON inside a text is replaced too.
 */
import { createHmac, randomBytes } from "node:crypto";
import { isObject, type JsonObject } from "../../core/event.ts";
import { isShallow } from "../../vendors/parsing/storable.ts";

/** Words that such fields end in, or consist of: `FileId`, `file_name`, `MediaUrl`. */
const TELLING = new Set(
  "id ids name names title description url urls uri path address addresses ip host domain email phone user account owner bucket key token context text content tag tags cover remark nickname stream".split(
    " ",
  ),
);
/** Fields that the user's program filled. Everything in them is replaced. */
const PASSED_ALONG = /^(extend|user_?data|user_?metadata|session_?context|source_?context)$/i;
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]*/i;
/** `arn:PARTITION:SERVICE:REGION:111122223333:queues/Default`: the part after the region identifies the owner. */
const ARN = /^arn:[^:]*:[^:]*:[^:]*:/;

export type Anonymous = { body(body: JsonObject): JsonObject; text(text: string): string };

/** `all`: replace everything inside, too. */
type Told = "no" | "yes" | "all";

/** `key` decides the replacements. Without it, each run makes new ones. */
export function createAnonymous(key: Buffer = randomBytes(32)): Anonymous {
  const replaced = new Map<string, string>();
  return { body: (body) => objectOf(again(walk(body, "no"))), text: (text) => shapeOf(text) };

  function walk(value: unknown, told: Told): unknown {
    if (typeof value === "string") return walkText(value, told);
    if (typeof value === "number") return told === "no" ? value : Number(replace(String(value)));
    if (Array.isArray(value)) return value.map((one: unknown) => walk(one, told));
    if (!isObject(value)) return value;
    return mapFields(value, (one, name) => walk(one, told === "all" ? told : toldBy(name)));
  }

  function walkText(text: string, told: Told): string {
    const opened = openJson(text);
    if (opened !== undefined) return JSON.stringify(walk(opened, told));
    return told !== "no" || ADDRESS.test(text) || ARN.test(text) ? replace(text) : text;
  }

  /** Replaces known values in fields whose names do not tell. */
  function again(value: unknown): unknown {
    if (typeof value === "string") {
      const opened = openJson(value);
      return opened === undefined ? (replaced.get(value) ?? value) : JSON.stringify(again(opened));
    }
    if (Array.isArray(value)) return value.map(again);
    return isObject(value) ? mapFields(value, again) : value;
  }

  function replace(value: string): string {
    const other = formOf(value);
    if (value.length > 2) replaced.set(value, other);
    return other;
  }

  /** An id inside a path gets the same replacement as elsewhere. */
  function formOf(value: string): string {
    const [origin] = ADDRESS.exec(value) ?? [];
    if (origin !== undefined) {
      const scheme = origin.slice(0, origin.indexOf("://"));
      return `${scheme}://files.example.com${value.slice(origin.length).replaceAll(/[^/?#&=]+/g, shapeOf)}`;
    }
    const [service] = ARN.exec(value) ?? [];
    if (service === undefined) return shapeOf(value);
    return service + value.slice(service.length).replaceAll(/[^:/]+/g, shapeOf);
  }

  /** Letters become letters and digits become digits. All other characters stay, and so does a file's extension. */
  function shapeOf(text: string): string {
    const [ending = ""] = /\.[a-z\d]{2,5}$/i.exec(text) ?? [];
    const stem = ending === "" ? text : text.slice(0, -ending.length);
    let at = 0;
    const bytes = createHmac("sha512", key).update(stem).digest();
    const next = (count: number): number => ((bytes[at++ % bytes.length] ?? 0) + at) % count;
    const other = stem
      .replaceAll(/\d/g, (digit, index) => (digit === "0" && index === 0 ? "0" : String(1 + next(9))))
      .replaceAll(/\p{Lu}/gu, () => String.fromCodePoint(65 + next(26)))
      .replaceAll(/\p{L}/gu, (letter) => (/[A-Z]/.test(letter) ? letter : String.fromCodePoint(97 + next(26))));
    return other + ending;
  }
}

/** The list or object in the text, if the text is JSON. */
function openJson(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text, keepDigits);
    return isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An id beyond 2^53 becomes the text of its digits. */
function keepDigits(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source ?? "";
  return typeof value === "number" && /^-?\d+$/.test(source) && !Number.isSafeInteger(value) ? source : value;
}

function mapFields(object: JsonObject, change: (value: unknown, name: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** `Width` ends in no such word; `FileId`, `FileIdSet`, `file_ids` and `appid` do. */
function toldBy(name: string): Told {
  if (PASSED_ALONG.test(name.trim())) return "all";
  const words = name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());
  const last = words.findLast((word) => !["", "set", "list"].includes(word)) ?? "";
  return TELLING.has(last) || /[a-z](id|ids|url|name)$/.test(last) ? "yes" : "no";
}
