/** One call on the wire: an event and its proof, in one of the forms that the vendor is known to use. */
import { hash, randomInt } from "node:crypto";
import type { Fields } from "./samples/making.ts";

/** `json` is the default, `form` on request; `percent` is JSON that was URL-encoded, as the documents have it. */
export const ENCODINGS = ["json", "percent", "form", "form-value"] as const;
export type Encoding = (typeof ENCODINGS)[number];

export type Wire = { readonly type: string; readonly text: string };

/** Half of the vendor's products write the names of the proof with a capital. */
export function signed(fields: Fields, secret: string, at = Date.now()): Fields {
  const timestamp = String(Math.floor(at / 1000));
  const nonce = `7${String(randomInt(1e14, 3e14))}`;
  const signature = signatureOf(secret, timestamp, nonce);
  const capital = Object.hasOwn(fields, "Event") || Object.hasOwn(fields, "EventType");
  return capital
    ? { ...fields, Timestamp: timestamp, Nonce: nonce, Signature: signature }
    : { ...fields, timestamp, nonce, signature };
}

/** The three texts are joined in the order of their characters. */
export function signatureOf(...parts: readonly [secret: string, timestamp: string, nonce: string]): string {
  return hash("sha1", parts.toSorted().join(""));
}

export function encode(fields: Fields, encoding: Encoding): Wire {
  return WIRES[encoding](fields);
}

/** JSON as one of the vendor's documents prints it: one comma is missing, one is too many at the end. */
export function encodeBroken(fields: Fields): Wire {
  return { type: JSON_TYPE, text: toJson(fields).replace(',"', ' "').replace(/\}$/, ",}") };
}

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

const WIRES: Readonly<Record<Encoding, (fields: Fields) => Wire>> = {
  json: (fields) => ({ type: JSON_TYPE, text: toJson(fields) }),
  percent: (fields) => ({ type: JSON_TYPE, text: encodeURIComponent(toJson(fields)).replaceAll("%20", "+") }),
  form: (fields) => ({
    type: FORM_TYPE,
    text: String(
      new URLSearchParams(Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, toField(value)]))),
    ),
  }),
  "form-value": (fields) => ({ type: FORM_TYPE, text: String(new URLSearchParams({ data: toJson(fields) })) }),
};

/** Keeps all digits of 64-bit numbers. These occur at the top level only. */
function toJson(fields: Fields): string {
  const members = Object.entries(fields).map(([key, value]) => `${JSON.stringify(key)}:${toText(value)}`);
  return `{${members.join(",")}}`;
}

function toField(value: unknown): string {
  return typeof value === "string" ? value : toText(value);
}

function toText(value: unknown): string {
  return typeof value === "bigint" ? String(value) : JSON.stringify(value);
}
