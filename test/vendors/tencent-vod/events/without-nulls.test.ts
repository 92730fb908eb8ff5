import { expect, test } from "vitest";
import { fingerprint } from "../../../../src/core/fingerprint.ts";
import { withoutNulls } from "../../../../src/vendors/tencent-vod/events/without-nulls.ts";

test.each([
  ['{"A":null,"B":1,"C":null}', '{"B":1}'],
  ['{"A":null}', "{}"],
  ["{}", "{}"],
  ['{"A":{"B":null,"C":{"D":null,"E":"text"}}}', '{"A":{"C":{"E":"text"}}}'],
  ['{"A":{"B":null}}', '{"A":{}}'],
  ['{"A":[null,{"B":null,"C":[null]},0]}', '{"A":[null,{"C":[null]},0]}'],
  ['{"A":0,"B":"","C":false,"D":"null","E":{},"F":[]}', '{"A":0,"B":"","C":false,"D":"null","E":{},"F":[]}'],
  ['{"A":",\\"B\\":null,","a \\"B":null}', '{"A":",\\"B\\":null,"}'],
  ['{"__proto__":{"A":null,"B":1},"constructor":null,"C":{"__proto__":null}}', '{"__proto__":{"B":1},"C":{}}'],
  ['{"B":1.5e-9,"A":5285485487985272000}', '{"B":1.5e-9,"A":5285485487985272000}'],
])("the fields of %s that are null are left out, and nothing else, and it is the same event", (sent, kept) => {
  const body: unknown = JSON.parse(sent);
  const without = withoutNulls(JSON.parse(sent));

  expect(JSON.stringify(without)).toBe(kept);
  expect(Object.getPrototypeOf(without)).toBe(Object.prototype);
  expect(fingerprint("s", without)).toBe(fingerprint("s", body));
  expect(JSON.stringify(withoutNulls(without))).toBe(kept);
});

test("a content without nulls is not copied", () => {
  const content = { FileId: "f1", Tags: [null, "a"] };

  expect(withoutNulls({ FileUploadEvent: content, FileDeleteEvent: null })["FileUploadEvent"]).toBe(content);
});
