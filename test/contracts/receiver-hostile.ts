/** What someone might send who means no good, or whose software is broken. */
const MIB = 1024 * 1024;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const STRANGE_BODIES: Readonly<Record<string, Uint8Array>> = {
  nothing: bytes(""),
  "white space": bytes(" \r\n\t "),
  "a byte order mark alone": Uint8Array.of(0xef, 0xbb, 0xbf),
  "1 MiB of [": bytes("[".repeat(MIB)),
  '1 MiB of {"a":': bytes('{"a":'.repeat(MIB / 5)),
  "1 MiB of quotes": bytes('"'.repeat(MIB)),
  "1 MiB of %": bytes("%".repeat(MIB)),
  "1 MiB of %7B": bytes("%7B".repeat(MIB / 4)),
  "1 MiB of &": bytes("&".repeat(MIB)),
  "1 MiB of backslashes in a text": bytes(`{"a":"${"\\".repeat(MIB)}`),
  "half a million levels": bytes("[".repeat(MIB / 2) + "]".repeat(MIB / 2)),
  "invalid UTF-8": Uint8Array.of(0x7b, 0x22, 0xff, 0xc0, 0x80, 0x22, 0x7d),
  "UTF-16": Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00),
  zeros: new Uint8Array(1024),
  "an image": Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  null: bytes("null"),
  "a number": bytes("7"),
  "a text": bytes('"text"'),
  "an empty list": bytes("[]"),
  "an empty object": bytes("{}"),
  "an empty form": bytes("="),
  "a broken percent sequence": bytes("%7B%2"),
  "a form with prototype keys": bytes("__proto__=1&constructor=2&toString=3"),
  XML: bytes("<?xml version='1.0'?><a>&b;</a>"),
};

export const STRANGE_MEMBERS: Readonly<Record<string, string>> = {
  "a __proto__": '"__proto__":{"polluted":true,"toString":null}',
  "a constructor": '"constructor":{"prototype":{"polluted":true}}',
  "methods of all objects": '"toString":1,"valueOf":2,"hasOwnProperty":3,"toJSON":4',
  "an empty name": '"":""',
  "a number beyond 2^53": '"n":12345678901234567890123456789',
  "a number beyond all numbers": '"n":1e400,"m":-1e400',
  "a number of 100,000 digits": `"n":${"9".repeat(100_000)}`,
  "the smallest numbers": '"n":1e-400,"m":0.1e-7,"o":5e-324',
  "half a surrogate pair": '"s":"\\ud800","\\udfff":1',
  "control characters": '"s":"\\u0000\\u0007\\u2028"',
  "100,000 levels": `"deep":${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  "3,000 levels": `"deep":${'{"a":'.repeat(3_000)}1${"}".repeat(3_000)}`,
  "100,000 fields": Array.from({ length: 100_000 }, (_, index) => `"f${index}":${index}`).join(","),
  "a field twice": '"twice":1,"twice":2',
  "a long text": `"s":"${"x".repeat(500_000)}"`,
};

const WRONG_VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1.5,
  1e300,
  "",
  " ",
  "x".repeat(300),
  [],
  [[]],
  {},
];

/** The body, which must be a JSON object, with each field in turn (those of its objects too) missing or of a wrong type. */
export function mutationsOf(body: Uint8Array): readonly Uint8Array[] {
  return mutations(JSON.parse(new TextDecoder().decode(body))).map((value) => bytes(JSON.stringify(value)));
}

function mutations(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const whole: object = value;
  return Object.entries(value).flatMap(([key, field]) =>
    [...WRONG_VALUES, ...mutations(field)].map((wrong) => Object.assign({}, whole, { [key]: wrong })),
  );
}
