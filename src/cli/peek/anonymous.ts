/**
 * Other ids, names and addresses in place of the real ones: the same value becomes the same one everywhere, and keeps its
 * form. Which values these are is told by the names of their fields, and by what they look like.
 */
import { createHmac, randomBytes } from "node:crypto";
import { isObject, type JsonObject } from "../../core/event.ts";

/** Words that such fields end in, or consist of: `FileId`, `file_name`, `MediaUrl`, `SourceContext`. */
const TELLING = new Set(
  "id ids name names title description url urls uri path address addresses ip host domain email phone user account owner bucket key token context text content tag tags cover remark nickname stream".split(
    " ",
  ),
);
const ADDRESS = /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]*/i;

export type Anonymous = { body(body: JsonObject): JsonObject; text(text: string): string };

/** `key`: makes the choice; without it, each run makes another one. */
export function createAnonymous(key: Buffer = randomBytes(32)): Anonymous {
  const replaced = new Map<string, string>();
  return { body: (body) => objectOf(again(walk(body, false))), text: (text) => shapeOf(text) };

  function walk(value: unknown, isTold: boolean): unknown {
    if (typeof value === "string") return isTold || ADDRESS.test(value) ? replace(value) : value;
    if (typeof value === "number") return isTold ? Number(replace(String(value))) : value;
    if (Array.isArray(value)) return value.map((one: unknown) => walk(one, isTold));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, walk(one, isTelling(name))]));
  }

  /** The same values where no name tells them. */
  function again(value: unknown): unknown {
    if (typeof value === "string") return replaced.get(value) ?? value;
    if (Array.isArray(value)) return value.map(again);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, again(one)]));
  }

  function replace(value: string): string {
    const other = ADDRESS.test(value) ? addressOf(value) : shapeOf(value);
    if (value.length > 2) replaced.set(value, other);
    return other;
  }

  /** A part of a path that is an id elsewhere becomes the same one here. */
  function addressOf(address: string): string {
    const [origin = ""] = ADDRESS.exec(address) ?? [];
    const scheme = origin.slice(0, origin.indexOf("://"));
    return `${scheme}://files.example.com${address.slice(origin.length).replaceAll(/[^/?#&=]+/g, shapeOf)}`;
  }

  /** Letters become letters, digits digits, all else stays; so does the ending of a file's name. */
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

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** `Width` ends in no such word; `FileId`, `FileIdSet`, `file_ids` and `appid` do. */
function isTelling(name: string): boolean {
  const words = name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/).map((word) => word.toLowerCase());
  const last = words.findLast((word) => !["", "set", "list"].includes(word)) ?? "";
  return TELLING.has(last) || /[a-z](id|ids|url|name)$/.test(last);
}
