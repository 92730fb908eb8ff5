import { array, assert, constantFrom, jsonValue, oneof, property, record, string, tuple } from "fast-check";
import { anyCharacter, wholeCharacter } from "../../../support/characters.ts";
import { expect, test } from "vitest";
import { parseExact } from "../../../../src/vendors/zegocloud/events/exact-json.ts";
import { proofAtTop, proofIn, proofOf, withoutProof } from "../../../../src/vendors/zegocloud/push/find-proof.ts";
import { fieldOf } from "../../../../src/vendors/zegocloud/events/body-fields.ts";
import { openBody, readJson } from "../../../../src/vendors/zegocloud/push/read-body.ts";

const LIST = '[{"url":"https://pictures.example.com/a%2Fb+c.jpg?x=1&y=2","offset":0}]';
const BODY = { appid: "1", event: "snapshot", name: "50% + α", snapshot_pic_list: LIST };

test.each([
  ["JSON", JSON.stringify(BODY)],
  ["JSON over lines, with white space around it", `\r\n ${JSON.stringify(BODY, null, 2)}\n`],
  ["percent-encoded JSON", encodeURIComponent(JSON.stringify(BODY))],
  ["percent-encoded JSON in small letters", encodeURIComponent(JSON.stringify(BODY)).replaceAll("%7B", "%7b")],
  ["percent-encoded JSON with plus signs for spaces", encodeURIComponent(JSON.stringify(BODY)).replaceAll("%20", "+")],
  ["a form whose only key is JSON", `${encodeURIComponent(JSON.stringify(BODY))}=`],
  ["a form whose only value is JSON", String(new URLSearchParams({ data: JSON.stringify(BODY) }))],
  [
    "a form whose only value is percent-encoded JSON",
    String(new URLSearchParams({ data: encodeURIComponent(JSON.stringify(BODY)) })),
  ],
  ["a form of fields", String(new URLSearchParams(BODY))],
])("a ZEGOCLOUD body that is %s is read", (_, text) => {
  expect(readBody(text)).toEqual({ body: BODY });
});

test("a key that comes twice in a ZEGOCLOUD form becomes a list", () => {
  expect(readBody("a=1&urls=x&urls=y%2Fz&b=")).toEqual({ body: { a: "1", urls: ["x", "y/z"], b: "" } });
});

test("a ZEGOCLOUD form with too many fields is not split into fields", () => {
  expect(readBody("a&".repeat(999))).toHaveProperty("body");
  expect(readBody("a&".repeat(1_000))).toEqual({ text: "a&".repeat(1_000) });
});

test.each([
  ["JSON with a comma missing", '{"a":"b" "c":1}', '{"a":"b" "c":1}'],
  ["JSON cut off", '{"a":"b', '{"a":"b'],
  ["percent-encoded JSON that is none", "%7B%22a%22%3A", '{"a":'],
  ["percent-encoding cut off", "%7B%22a%22%3A+%E4%B", '{"a": \ufffd%B'],
  ["a form with broken JSON", "data=%7B%22a%22%3A", '{"a":'],
])("%s in a ZEGOCLOUD body is kept as text", (_, raw, text) => {
  expect(readBody(raw)).toEqual({ text });
});

test.each([
  ["beyond 2^53", "858012925204410401", '"858012925204410401"'],
  ["beyond 2^53, though a double holds it", "858012925204410400", '"858012925204410400"'],
  ["of 64 bits", "18446744073709551615", '"18446744073709551615"'],
  ["below -2^53", "-9007199254740993", '"-9007199254740993"'],
  ["of 2^53 - 1", "9007199254740991", "9007199254740991"],
  ["with a fraction", "170.612", "170.612"],
  ["with an exponent", "1e3", "1000"],
  ["beyond all doubles", "1e400", '"1e400"'],
  ["below zero and none", "-0", "0"],
])("a number %s in a ZEGOCLOUD body keeps its digits", (_, written, kept) => {
  expect(JSON.stringify(parseExact(`{"deep":[{"n":${written}}]}`))).toBe(`{"deep":[{"n":${kept}}]}`);
});

test("a ZEGOCLOUD body is read down to 100 levels", () => {
  expect(parseExact(nested(100))).toBeDefined();
  expect(parseExact(nested(101))).toBeUndefined();
});

test.each([
  ["small letters", { timestamp: "1", nonce: "2", signature: "3" }],
  ["capitals in front", { Timestamp: "1", Nonce: "2", Signature: "3" }],
  ["numbers", { timestamp: 1, nonce: 2, signature: "3" }],
])("a ZEGOCLOUD proof in %s is found", (_, fields) => {
  expect(proofOf({ event: "any", ...fields })).toEqual({ timestamp: "1", nonce: "2", signature: "3" });
  expect(proofAtTop(JSON.stringify({ event: "any", ...fields }))).toEqual({
    timestamp: "1",
    nonce: "2",
    signature: "3",
  });
  expect(proofIn(`{,${JSON.stringify(fields)}`)).toEqual({ timestamp: "1", nonce: "2", signature: "3" });
});

test.each([
  ["a part missing", { timestamp: "1", nonce: "2" }],
  ["a part empty", { timestamp: "1", nonce: "", signature: "3" }],
  ["a part null", { timestamp: null, nonce: "2", signature: "3" }],
  ["a part with a fraction", { timestamp: 1.5, nonce: "2", signature: "3" }],
  ["a part below", { nonce: "2", signature: "3", detail: { timestamp: "1" } }],
])("a ZEGOCLOUD proof with %s is invalid", (_, fields) => {
  expect(proofOf(fields)).toBeUndefined();
  expect(proofAtTop(JSON.stringify(fields))).toBeUndefined();
});

test("in unparsed text the ZEGOCLOUD proof is the first of its name", () => {
  const text = '{"timestamp":"1","nonce":"2","signature":"3","detail":{"timestamp":"8","Nonce":"9"},}';

  expect(proofIn(text)).toEqual({ timestamp: "1", nonce: "2", signature: "3" });
});

test("a ZEGOCLOUD nonce beyond 2^53 is read digit by digit, as it was signed", () => {
  const text = '{"timestamp":1724743250,"nonce":7254119327986670314,"signature":"3"}';

  expect(proofOf(readJson(text) ?? {})?.nonce).toBe("7254119327986670314");
  expect(proofAtTop(text)?.nonce).toBe("7254119327986670314");
});

test("the ZEGOCLOUD proof found in unparsed text is the one of the parsed body, however often its names occur", () => {
  const name = constantFrom("timestamp", "Nonce", "nonce", "signature", "SIGNATURE", "event");
  const part = oneof(constantFrom(1, "2", '3"', "{", null, 7254119, 1.5), jsonValue({ maxDepth: 2 }));
  const proof = constantFrom('"nonce":1', '"timestamp":"2"', '"Signature":"3"');
  const members = array(
    oneof(
      proof,
      tuple(name, part).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`),
    ),
  );
  assert(
    property(members, (all) => {
      const text = `{${all.join(",\t")}}`;
      expect(proofAtTop(text)).toEqual(proofOf(readJson(text) ?? {}));
    }),
    { numRuns: 2_000 },
  );
});

test("a ZEGOCLOUD field in small letters wins over one in capitals", () => {
  expect(fieldOf({ Event: "b", event: "a" }, "event")).toBe("a");
  expect(fieldOf({}, "constructor")).toBeUndefined();
});

test("an unreadable ZEGOCLOUD text without its proof is the same for every try", () => {
  const one = '{"Timestamp": "1","nonce":2,"signature":"abc","task_id":"t" "nonsense"}';
  const two = '{"Timestamp": "5","nonce":6,"signature":"def","task_id":"t" "nonsense"}';

  expect(withoutProof(one)).toBe(withoutProof(two));
  expect(withoutProof(one)).toContain('"task_id":"t" "nonsense"');
});

const field = tuple(string({ unit: anyCharacter, minLength: 1 }), jsonValue({ maxDepth: 4 }));

test("a ZEGOCLOUD body that was read can be stored and is what was sent, in every form of JSON", () => {
  assert(
    property(field, constantFrom("json", "percent", "value", "key"), ([name, value], form) => {
      const text = JSON.stringify(
        Object.fromEntries([
          ["event", "any"],
          [name, value],
        ]),
      );
      const encoded = encodeURIComponent(text.toWellFormed());
      const raw = { json: text, percent: encoded, value: `data=${encoded}`, key: `${encoded}=` }[form];

      const read = readBody(raw);

      expect(JSON.parse(JSON.stringify(read))).toEqual({ body: JSON.parse(text, bigNumberAsText) });
    }),
    { numRuns: 300 },
  );
});

test("a ZEGOCLOUD form of texts is read field by field", () => {
  const texts = string({ unit: wholeCharacter });
  assert(
    property(record({ event: texts, url: texts, "a b&c": texts }), (fields) => {
      expect(readBody(String(new URLSearchParams(fields)))).toEqual({ body: fields });
    }),
    { numRuns: 200 },
  );
});

/** Both steps at once. */
function readBody(raw: string) {
  const opened = openBody(raw);
  if ("fields" in opened) return { body: opened.fields };
  const body = readJson(opened.text);
  return body ? { body } : opened;
}

function nested(levels: number): string {
  return `${"[".repeat(levels)}1${"]".repeat(levels)}`;
}

function bigNumberAsText(_: string, value: unknown): unknown {
  const isBig = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return isBig && /^-?\d+$/.test(String(value)) ? String(value) : value;
}
