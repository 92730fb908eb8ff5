/** Real payloads of a vendor, with damage by accident or on purpose. */
import { gzipSync } from "node:zlib";
import { type Arbitrary, array, constantFrom, nat, oneof, record, tuple } from "fast-check";
import { bytesOf, jsonObject, jsonText, member } from "./arbitraries.ts";

type Change = (key: string, value: string, other: string) => string;

/** The changes to one member. `key` includes its colon. In a list `key` is empty. */
const CHANGES = {
  drop: () => "",
  retype: (key, _, other) => `${key}${other}`,
  twice: (key, value, other) => `${key}${value},${key}${other}`,
  nest: (key, value, other) => `${key}[${value},${other}]`,
  rename: (key, value) => `${key.replace(/":$/, ' ":')}${value}`,
} as const satisfies Record<string, Change>;

/** The position of a member among all members of a payload, at any depth, and the change to it. */
type Edit = { readonly at: number; readonly change: Change; readonly other: string };
const edit: Arbitrary<Edit> = record({
  // Members near the top are drawn more often, since more depends on them.
  at: oneof(nat(8), nat()),
  change: constantFrom<Change[]>(...Object.values(CHANGES)),
  other: jsonText,
});

/** The text of a JSON object. Most are samples with some fields changed and some added. */
export function payloadOf(samples: readonly object[]): Arbitrary<string> {
  const sample = tuple(constantFrom(...samples), array(edit, { maxLength: 3 }), array(member, { maxLength: 1 }));
  return oneof(
    { weight: 5, arbitrary: sample.map(([one, edits, members]) => withMembers(edited(one, edits), members)) },
    { weight: 1, arbitrary: tuple(jsonObject, array(member)).map(([one, members]) => withMembers(one, members)) },
  );
}

/** `members` are texts such as `"size":1`. */
export function withMembers(object: string, members: readonly string[]): string {
  const inside = [object.slice(1, -1), ...members].filter((text) => text !== "");
  return `{${inside.join()}}`;
}

function edited(sample: object, edits: readonly Edit[]): string {
  const total = Math.max(countOf(sample), 1);
  const byPlace = new Map(edits.map((one) => [one.at % total, one]));
  let place = 0;
  return write(sample);

  function write(value: unknown): string {
    if (typeof value === "bigint") return String(value);
    if (Array.isArray(value)) return `[${joined(value.map((item) => writeMember("", item)))}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
    return `{${joined(Object.entries(value).map(([key, field]) => writeMember(`${JSON.stringify(key)}:`, field)))}}`;
  }

  function writeMember(key: string, value: unknown): string {
    const found = byPlace.get(place++);
    const written = write(value);
    return found ? found.change(key, written, found.other) : `${key}${written}`;
  }
}

function joined(members: readonly string[]): string {
  return members.filter((text) => text !== "").join();
}

function countOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner: unknown) => sum + 1 + countOf(inner), 0);
}

type Damaging = (body: Buffer, place: number, text: string) => Uint8Array;

/** Damage to a body, caused by the network or by an odd client. */
const DAMAGES = {
  cut: (body, place) => body.subarray(0, place),
  flip: (body, place) => body.map((byte, index) => (index === place ? byte ^ (1 << (place % 8)) : byte)),
  insert: (body, place) =>
    Buffer.concat([body.subarray(0, place), Uint8Array.of(0xff, 0xc0, 0x80), body.subarray(place)]),
  "UTF-16": (_, _place, text) => Buffer.from(text, "utf16le"),
  "byte order mark": (_, _place, text) => bytesOf(`\u{feff}${text}`),
  gzip: (body) => gzipSync(body),
  percent: (_, _place, text) => bytesOf(encodeURIComponent(text.toWellFormed())),
  form: (_, _place, text) => bytesOf(`${encodeURIComponent(text.toWellFormed())}=`),
  "form field": (_, _place, text) => bytesOf(String(new URLSearchParams({ data: text }))),
} as const satisfies Record<string, Damaging>;

export type Damage = { readonly kind: keyof typeof DAMAGES; readonly share: number };

/** `share` is the place of the damage as a share of the body's length. */
export const damage: Arbitrary<Damage> = record({
  kind: constantFrom<(keyof typeof DAMAGES)[]>(
    "cut",
    "flip",
    "insert",
    "UTF-16",
    "byte order mark",
    "gzip",
    "percent",
    "form",
    "form field",
  ),
  share: nat(999).map((thousandths) => thousandths / 1_000),
});

export function damaged(text: string, { kind, share }: Damage): Uint8Array {
  const body = Buffer.from(text);
  return DAMAGES[kind](body, Math.floor(share * body.length), text);
}
