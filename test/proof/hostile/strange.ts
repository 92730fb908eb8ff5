/** Extreme inputs. Every receiver gets all of them before the drawn ones. */
const MIB = 1024 * 1024;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const STRANGE_BODIES: readonly Uint8Array[] = [
  bytes(""),
  bytes(" \r\n\t "),
  Uint8Array.of(0xef, 0xbb, 0xbf),
  bytes("[".repeat(MIB)),
  bytes('{"a":'.repeat(MIB / 5)),
  bytes('"'.repeat(MIB)),
  bytes("%".repeat(MIB)),
  bytes("%7B".repeat(MIB / 4)),
  bytes("&".repeat(MIB)),
  bytes("a&".repeat(MIB / 2)),
  bytes(`{"a":"${"\\".repeat(MIB)}`),
  bytes("[".repeat(MIB / 2) + "]".repeat(MIB / 2)),
  Uint8Array.of(0x7b, 0x22, 0xff, 0xc0, 0x80, 0x22, 0x7d),
  Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00),
  new Uint8Array(1024),
  Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  bytes("null"),
  bytes("7"),
  bytes('"text"'),
  bytes("[]"),
  bytes("{}"),
  bytes("="),
  bytes("%7B%2"),
  bytes("__proto__=1&constructor=2&toString=3"),
  bytes("<?xml version='1.0'?><a>&b;</a>"),
];

export const STRANGE_MEMBERS: readonly string[] = [
  '"__proto__":{"polluted":true,"toString":null}',
  '"constructor":{"prototype":{"polluted":true}}',
  '"toString":1,"valueOf":2,"hasOwnProperty":3,"toJSON":4',
  '"":""',
  '"n":12345678901234567890123456789',
  '"n":1e400,"m":-1e400',
  `"n":${"9".repeat(100_000)}`,
  '"n":1e-400,"m":0.1e-7,"o":5e-324',
  '"s":"\\ud800","\\udfff":1',
  '"s":"\\u0000\\u0007\\u2028"',
  `"deep":${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  `"deep":${'{"a":'.repeat(3_000)}1${"}".repeat(3_000)}`,
  Array.from({ length: 100_000 }, (_, index) => `"f${index}":${index}`).join(","),
  '"twice":1,"twice":2',
  `"s":"${"x".repeat(500_000)}"`,
];
