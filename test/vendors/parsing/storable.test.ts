import { assert, dictionary, jsonValue, property, string } from "fast-check";
import { expect, test } from "vitest";
import { storable } from "../../../src/vendors/parsing/storable.ts";

test("a JSON value comes back from storage unchanged", () => {
  assert(
    property(dictionary(string(), jsonValue({ maxDepth: 20 })), (body) => {
      const text = JSON.stringify(body);
      expect(JSON.stringify(storable(JSON.parse(text)))).toBe(text);
    }),
    { numRuns: 200 },
  );
});

test("a storable body is not copied", () => {
  const body: unknown = JSON.parse('{"a":[1,{"b":null}],"c":"text","d":true,"__proto__":{}}');

  expect(storable(body)).toBe(body);
});

test.each([[null], [undefined], [7], ["text"], [[]], [true]])("%j cannot be stored", (value) => {
  expect(storable(value)).toBeUndefined();
});

test.each([
  [100, true],
  [101, false],
  [3_000, false],
  [500_000, false],
])("an object with %d levels can be stored: %j", (levels, isKept) => {
  const deep: unknown = JSON.parse(`{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`);

  expect(storable(deep) !== undefined).toBe(isKept);
});

test.each([
  ['{"a":1e400,"b":-0}', { a: null, b: 0 }],
  ['{"deep":[1,{"a":-1e400}]}', { deep: [1, { a: null }] }],
  ['{"deep":{"list":[[-0]]}}', { deep: { list: [[0]] } }],
])("a number that JSON cannot write becomes what the queue makes of it: %s", (text, expected) => {
  expect(storable(JSON.parse(text))).toEqual(expected);
});

test("fields named like methods of Object are stored", () => {
  const text = '{"__proto__":{"polluted":true},"constructor":1,"toJSON":2}';

  expect(JSON.stringify(storable(JSON.parse(text)))).toBe(text);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});
