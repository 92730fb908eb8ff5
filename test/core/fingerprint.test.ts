import { isDeepStrictEqual } from "node:util";
import { assert, jsonValue, property } from "fast-check";
import { expect, test } from "vitest";
import { eventId, fingerprint } from "../../src/core/fingerprint.ts";

const upload = { EventType: "NewFileUpload", FileUploadEvent: { FileId: "5285890784273533167", TagSet: ["a", "b"] } };

test("a fingerprint is 22 characters of base64url, the same in every process and release", () => {
  expect(fingerprint("tencent-vod", upload)).toBe("E6VuCVyRehitX0aNT7B8Nb");
});

test.each([
  [
    "nested nulls, lists and objects",
    "s34qoMdlkupVMXxCDX3hGe",
    String.raw`{"b":1,"a":{"d":[null,true,{"z":"","y":null}],"c":false}}`,
  ],
  [
    "keys in the order of code units",
    "NNjVEJNfUnrSSiGDklgCoc",
    String.raw`{"10":1,"9":2,"B":3,"a":4,"A":5,"":6,"é":7,"Z":8}`,
  ],
  [
    "keys beyond the basic plane",
    "5r2EAj3DK1LwqfIAzqkyjM",
    String.raw`{"\ud83d\ude00":1,"\uffff":2,"\ue000":3,"\ud7ff":4,"\ud800":5}`,
  ],
  [
    "texts with and without escapes",
    "70LVeAlGnydHOW-PyTIbEQ",
    String.raw`{"quotes":"\"\\/","control":"\u0000\b\n\u001f","above":"\u007f\u0080\u2028","halves":"\ud800 \udfff","whole":"\ud83d\ude00"}`,
  ],
  [
    "numbers of every spelling",
    "qH3Sr1HNCxe-2rJV4nlbwk",
    String.raw`{"numbers":[0,-0,1e21,1e-7,0.1,5285890784273533167,1e400,-1e400]}`,
  ],
  [
    "keys that every object has",
    "zZmTQ02vQuFHczI42l36Yy",
    String.raw`{"__proto__":{"a":1},"constructor":2,"toJSON":"3"}`,
  ],
  [
    "many keys",
    "WXLql3Kn50mBrGRAOiG6D_",
    JSON.stringify(Object.fromEntries(Array.from({ length: 40 }, (_, n) => [String((7 * n) % 40), n]))),
  ],
])("a fingerprint that an earlier release stored is found again: %s", (_, recorded, text) => {
  expect(fingerprint("s", JSON.parse(text))).toBe(recorded);
});

test("the order of a body's keys does not change its fingerprint", () => {
  const turned = { FileUploadEvent: { TagSet: ["a", "b"], FileId: "5285890784273533167" }, EventType: "NewFileUpload" };

  expect(fingerprint("s", turned)).toBe(fingerprint("s", upload));
});

test("a field that is null counts as missing, at every level", () => {
  const padded = { ...upload, PullCompleteEvent: null, FileUploadEvent: { ...upload.FileUploadEvent, Vid: null } };

  expect(fingerprint("s", padded)).toBe(fingerprint("s", upload));
  expect(fingerprint("s", [{ a: null }])).toBe(fingerprint("s", [{}]));
});

test.each([
  ["the source", fingerprint("tencent-vod", upload), fingerprint("tencent-vod/1500000001", upload)],
  ["a value", fingerprint("s", { a: 1 }), fingerprint("s", { a: 2 })],
  ["the order of a list", fingerprint("s", ["a", "b"]), fingerprint("s", ["b", "a"])],
  ["a null in a list", fingerprint("s", ["a", null]), fingerprint("s", ["a"])],
  ["a number and its text", fingerprint("s", { a: 1 }), fingerprint("s", { a: "1" })],
  ["null and its text", fingerprint("s", [null]), fingerprint("s", ["null"])],
  ["an empty list and an empty object", fingerprint("s", { a: [] }), fingerprint("s", { a: {} })],
  ["where a field stands", fingerprint("s", { a: { b: 1 } }), fingerprint("s", { a: {}, b: 1 })],
  [
    "big integers one apart",
    fingerprint("s", { a: 5285890784273533167n }),
    fingerprint("s", { a: 5285890784273533168n }),
  ],
  ["lone surrogates", fingerprint("s", ["\ud800"]), fingerprint("s", ["\ud801"])],
])("two bodies that differ in %s have two fingerprints", (_, one, other) => {
  expect(one).not.toBe(other);
});

test("a small integer has the same fingerprint however it was parsed", () => {
  expect(fingerprint("s", { a: 7n })).toBe(fingerprint("s", { a: 7 }));
});

test("keys that are named like members of every object are ordinary keys", () => {
  const hostile: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":3}');

  expect(fingerprint("s", hostile)).not.toBe(fingerprint("s", JSON.parse('{"constructor":2,"toString":3}')));
  expect(Object.hasOwn(Object.prototype, "a")).toBe(false);
});

test.each([
  ["lists", "[", "]"],
  ["objects", '{"a":', "}"],
])("a megabyte of nested %s has a fingerprint like any other body", (_, open, close) => {
  const depth = Math.floor(1024 ** 2 / (open.length + close.length));
  const deep: unknown = JSON.parse(`${open.repeat(depth)}0${close.repeat(depth)}`);

  expect(fingerprint("s", deep)).toMatch(/^[\w-]{22}$/);
});

test("a body keeps its fingerprint through storage, and only equal bodies share one", () => {
  assert(
    property(jsonValue(), jsonValue(), (one, other) => {
      const stored: unknown = JSON.parse(JSON.stringify(one));
      expect(fingerprint("s", stored)).toBe(fingerprint("s", one));
      expect(fingerprint("s", [one]) === fingerprint("s", [other])).toBe(isDeepStrictEqual(plain(one), plain(other)));
    }),
  );
});

test("an event's id does not reveal its receipt and is a valid job id for any receipt", () => {
  const receipts = ["1234567890123456789", "wait", "events", "a:b:c", "xxx___xxx_1700000000000_xxx", "h".repeat(4000)];
  const ids = receipts.map((receipt) => eventId("tencent-vod", receipt, "f"));

  expect(new Set(ids).size).toBe(receipts.length);
  for (const [index, id] of ids.entries()) {
    expect(id).toMatch(/^ev-[\w-]{22}$/);
    expect(id).not.toContain(receipts[index]);
  }
});

test("two events get different ids if source, receipt or content differ", () => {
  const ids = [eventId("s", "r", "f"), eventId("t", "r", "f"), eventId("s", "q", "f"), eventId("s", "r", "g")];

  expect(new Set(ids).size).toBe(4);
  expect(eventId("s", "r", "f")).toBe(ids[0]);
});

/** The fingerprint's rule in its simplest form: sorted pairs of fields, without nulls. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return ["list", value.map(plain)];
  if (typeof value !== "object" || value === null) return [typeof value, String(value)];
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return ["object", fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, plain(field)])];
}
