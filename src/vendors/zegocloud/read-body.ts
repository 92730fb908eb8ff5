/**
 * The body of a call, in whichever of its forms it comes. The vendor's only word on it is "JSON, decode it with UrlDecode";
 * the Content-Type is not documented, so that the text itself must say. A field on its own is never decoded: its URLs
 * rightly contain %2F.
 */
import type { JsonObject } from "../../core/event.ts";
import { parseExact } from "./exact-json.ts";
import type { Proof } from "./signing.ts";

/** `text` is what should have been a JSON object, with its percent signs decoded. */
export type ReadBody = { readonly body: JsonObject } | { readonly text: string };

/**
 * - `{...}` is JSON
 * - `%7B...` is percent-encoded JSON; a plus is a space
 * - a form whose only key or only value is one of these
 * - any other form: its fields, all of them text
 */
export function readBody(raw: string): ReadBody {
  const text = raw.trim();
  if (isJson(text)) return readJson(text);
  if (text.split("&", MOST_FIELDS + 1).length > MOST_FIELDS) return { text };
  const fields = [...new URLSearchParams(text)];
  const [[key, value] = ["", ""], ...more] = fields;
  if (more.length === 0 && isJson(value)) return readJson(value);
  if (more.length === 0 && value === "" && isJson(key)) return readJson(key);
  return { body: fromForm(fields) };
}

/** Looked up whatever the case: half of the vendor's products write `Timestamp`. */
export function fieldOf(body: JsonObject, name: string): unknown {
  if (Object.hasOwn(body, name)) return body[name];
  return Object.entries(body).find(([key]) => key.toLowerCase() === name)?.[1];
}

export function proofOf(body: JsonObject): Proof | undefined {
  return proofFrom((name) => textOf(fieldOf(body, name)));
}

/** For a text that is no JSON: what its proof is can mostly still be told, so that nobody else can send such a thing. */
export function proofIn(text: string): Proof | undefined {
  const found = new Map<string, string>();
  for (const [, name = "", quoted, digits = ""] of text.matchAll(PROOF_FIELD)) {
    const known = name.toLowerCase();
    if (!found.has(known)) found.set(known, quoted ?? digits);
  }
  return proofFrom((name) => found.get(name));
}

/** The text as it is whenever it is sent: without the values of its proof. */
export function withoutProof(text: string): string {
  return text.replace(PROOF_FIELD, (_, name: string) => `"${name}":`);
}

/** Decimal text, as it was signed; undefined for what can be no part of a proof. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Taking a form apart is slow, and strangers may send it: a megabyte of fields takes seconds. The vendor's have dozens. */
const MOST_FIELDS = 1_000;

const PROOF_FIELD = /"(timestamp|nonce|signature)"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,40}))/gi;

function isJson(text: string): boolean {
  return text.startsWith("{") || /^%7b/i.test(text);
}

function readJson(encoded: string): ReadBody {
  const text = encoded.startsWith("{") ? encoded : percentDecoded(encoded);
  const body = parseExact(text);
  return isObject(body) ? { body } : { text };
}

function percentDecoded(text: string): string {
  // Some clients send a whole text as the key of a form, with nothing behind the equals sign.
  const spaced = text.replaceAll("+", " ").replace(/=$/, "");
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Cut off or broken: what is left of it is for a person to read.
    return spaced.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

/** A key that comes several times is a list. */
function fromForm(fields: readonly (readonly [key: string, value: string])[]): JsonObject {
  const byKey = Map.groupBy(fields, ([key]) => key);
  return Object.fromEntries(
    [...byKey].map(([key, [first, ...more]]) => {
      const values = [first, ...more].flatMap((field) => (field === undefined ? [] : [field[1]]));
      return [key, more.length > 0 ? values : values[0]];
    }),
  );
}

function proofFrom(find: (name: string) => string | undefined): Proof | undefined {
  const timestamp = find("timestamp");
  const nonce = find("nonce");
  const signature = find("signature");
  if (timestamp === undefined || nonce === undefined || signature === undefined) return undefined;
  return { timestamp, nonce, signature };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
