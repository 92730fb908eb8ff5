/**
 * Reads the body of a call in any of its forms. The vendor only says "JSON, decode it with UrlDecode" and does not document
 * the Content-Type, so the text itself must show its form. A single field is never decoded, because its URLs may rightly
 * contain %2F.
 *
 * There are two steps. Decoding is cheap. Parsing JSON digit by digit takes up to a second for a megabyte, so the proof of
 * the call is checked in between.
 */
import { isObject, type JsonObject } from "../../../core/event.ts";
import { parseExact } from "../events/exact-json.ts";

/** `text` should be a JSON object without percent-encoding. */
export type OpenedBody = { readonly text: string } | { readonly fields: JsonObject };

/**
 * - `{...}` is JSON
 * - `%7B...` is percent-encoded JSON; a plus is a space
 * - a form whose only key or only value is one of these
 * - any other form: its fields, all of them text
 */
export function openBody(raw: string): OpenedBody {
  const sent = raw.trim();
  if (isJson(sent)) return { text: openJson(sent) };
  const pairs = sent.split("&", MAX_FIELDS + 1);
  if (pairs.length > MAX_FIELDS) return { text: sent };
  const fields = pairs.filter((pair) => pair !== "").map(toField);
  const [[key, value] = ["", ""], ...more] = fields;
  if (more.length === 0 && isJson(value)) return { text: openJson(value) };
  if (more.length === 0 && value === "" && isJson(key)) return { text: openJson(key) };
  return { fields: fromForm(fields) };
}

/** Undefined for a text that is no JSON object. */
export function readJson(text: string): JsonObject | undefined {
  const body = parseExact(text);
  return isObject(body) ? body : undefined;
}

/** A stranger's form may have half a million fields in a megabyte. The vendor's forms have dozens. */
const MAX_FIELDS = 1_000;

function isJson(text: string): boolean {
  return text.startsWith("{") || /^%7b/i.test(text);
}

function openJson(encoded: string): string {
  // Some clients send a whole text as the key of a form, with an empty value.
  return encoded.startsWith("{") ? encoded : decoded(encoded.replace(/=$/, ""));
}

function toField(pair: string): readonly [key: string, value: string] {
  const at = pair.indexOf("=");
  return at < 0 ? [decoded(pair), ""] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
}

/**
 * Decodes like `URLSearchParams`, but ten times as fast. A percent sign without two digits stays. A character that the
 * vendor has cut becomes U+FFFD.
 */
function decoded(text: string): string {
  if (!/[+%]/.test(text)) return text;
  const bytes = Buffer.from(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    let byte = bytes[at] ?? 0;
    if (byte === PLUS) byte = SPACE;
    else if (byte === PERCENT) {
      const [high, low] = [hexDigit(bytes[at + 1]), hexDigit(bytes[at + 2])];
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        at += 2;
      }
    }
    bytes[length] = byte;
    length += 1;
  }
  return bytes.toString("utf8", 0, length);
}

const [PLUS, PERCENT, SPACE] = [0x2b, 0x25, 0x20];

function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** A key that occurs several times becomes a list. */
function fromForm(fields: readonly (readonly [key: string, value: string])[]): JsonObject {
  const byKey = Map.groupBy(fields, ([key]) => key);
  return Object.fromEntries(
    [...byKey].map(([key, [first, ...more]]) => {
      const values = [first, ...more].flatMap((field) => (field === undefined ? [] : [field[1]]));
      return [key, more.length > 0 ? values : values[0]];
    }),
  );
}
