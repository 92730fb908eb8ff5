/**
 * Input from an attacker or from broken software. JSON is built as text, since no JavaScript value can express some of
 * it: numbers beyond the range, duplicate names, half a character.
 */
import {
  type Arbitrary,
  array,
  constant,
  constantFrom,
  double,
  integer,
  letrec,
  nat,
  oneof,
  string,
  tuple,
} from "fast-check";
import { anyCharacter } from "../../support/characters.ts";

const MIB = 1024 * 1024;

const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "toJSON",
  "then",
  "length",
  "",
];
const NUMBERS = [
  "-0",
  "1e400",
  "-1e400",
  "1e-400",
  "5e-324",
  "0.1e-7",
  "1E+2",
  "9007199254740993",
  "12345678901234567890123456789",
  "9".repeat(400),
];
/** Written with the escapes that JSON uses. */
const TEXTS = [
  "\\ud800",
  "\\udfff\\ud800",
  "\\u0000",
  "a\\r\\nb: c",
  "\\u2028",
  "%7B%22a%22",
  "{}",
  "null",
  " ",
  "\\\\",
  "../..",
];

const name = oneof(constantFrom(...NAMES), string({ unit: anyCharacter, maxLength: 8 })).map((text) =>
  JSON.stringify(text),
);

/** The text of any JSON value. */
export const { value: jsonText, object: jsonObject } = letrec<Record<"value" | "list" | "object" | "packed", string>>(
  (tie) => ({
    value: oneof(
      { maxDepth: 5, depthSize: "small" },
      constantFrom(...TEXTS).map((text) => `"${text}"`),
      string({ unit: anyCharacter, maxLength: 20 }).map((text) => JSON.stringify(text)),
      constantFrom(...NUMBERS),
      double({ noNaN: true, noDefaultInfinity: true }).map(String),
      integer().map(String),
      constantFrom("true", "false", "null"),
      tie("packed"),
      tie("list"),
      tie("object"),
    ),
    list: array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join()}]`),
    object: array(tuple(name, tie("value")), { maxLength: 5 }).map(
      (members) => `{${members.map((member) => member.join(":")).join()}}`,
    ),
    /** JSON text inside a JSON string. Some vendors send this. */
    packed: tie("value").map((text) => JSON.stringify(text)),
  }),
);

/** Most depths are near the limits in our code. Some exceed any stack. */
const levels = oneof(
  { weight: 6, arbitrary: integer({ min: 90, max: 110 }) },
  { weight: 3, arbitrary: nat(9_000) },
  { weight: 1, arbitrary: nat(MIB / 8) },
);
const deep = tuple(
  constantFrom(["[", "]"], ['{"a":', "}"], ['[0,{"__proto__":', "}]"]),
  levels,
  constantFrom("1", "[]", ""),
).map(([[open, close], depth, core]) => `${open?.repeat(depth)}${core}${close?.repeat(depth)}`);

const size = oneof({ weight: 60, arbitrary: nat(600) }, { weight: 1, arbitrary: nat(MIB) });
const FLOODS = [
  "[",
  '{"a":',
  '"',
  "%",
  "%7B",
  "&",
  "=",
  "\\",
  " ",
  "\u0000",
  '"nonce"',
  '"T":"',
  '"Sign" ',
  '{"Sign":"',
  "+",
  "1",
  "\u{1f680}",
];
const flood = tuple(constantFrom(...FLOODS), size).map(([text, length]) =>
  text.repeat(Math.ceil(length / Buffer.byteLength(text))),
);

/** The text of one extra object member. */
export const member: Arbitrary<string> = tuple(
  name,
  oneof(
    { weight: 30, arbitrary: jsonText },
    { weight: 2, arbitrary: deep },
    { weight: 2, arbitrary: flood.map((text) => JSON.stringify(text)) },
    { weight: 1, arbitrary: size.map((length) => `[${"0,".repeat(length / 2)}0]`) },
    { weight: 1, arbitrary: size.map((digits) => `1${"0".repeat(Math.min(digits, 100_000))}`) },
  ),
).map((pair) => pair.join(":"));

/** Empty text, noise and floods. It is rarely JSON, and even more rarely an object. */
export const rawText: Arbitrary<string> = oneof(
  { weight: 4, arbitrary: flood },
  { weight: 3, arbitrary: string({ unit: anyCharacter, maxLength: 60 }) },
  { weight: 2, arbitrary: jsonText },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: constant("") },
);

export const rawBytes: Arbitrary<Uint8Array> = oneof(
  { weight: 2, arbitrary: rawText.map(bytesOf) },
  { weight: 1, arbitrary: tuple(integer(), size).map(([seed, length]) => noise(seed, length)) },
);

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The same seed gives the same bytes. One fast-check value per byte would be slow. */
function noise(seed: number, length: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state;
  });
}
