import { expect, test } from "vitest";
import { on } from "reliable-callback/tencent-vod";
import { strangeFields } from "../../src/worker/strange-fields.ts";

const plain = { vendor: "tencent-vod", type: "NewFileUpload", run() {} };

test.each([
  ["atempts", "which is no option: did you mean attempts?"],
  ["timout", "which is no option: did you mean timeoutMs?"],
  ["timeout", "which is no option: did you mean timeoutMs?"],
  ["failed", "which only the `on` of a vendor knows: make the handler with that"],
  ["orderBy", "which only the `on` of a vendor knows: make the handler with that"],
])("a handler's unknown field %s is reported, since it does nothing", (name, hint) => {
  expect(strangeFields([plain, { ...plain, [name]: 5 }])).toEqual([
    `a handler for "NewFileUpload" has ${name}, ${hint}`,
  ]);
});

test("a misspelt option of `on` is reported, and a handler's own fields are not", () => {
  const options = { attempts: 5, failed: "park", orderBy: () => "a" } as const;
  const misspelt = { ...options, timeoutms: 10 };
  const own = { ...plain, name: "uploads", pool: {} };

  expect(strangeFields([on("NewFileUpload", () => {}, options), own])).toEqual([]);
  expect(strangeFields([on("NewFileUpload", () => {}, misspelt)])).toEqual([
    'a handler for "NewFileUpload" has timeoutms, which is no option: did you mean timeoutMs?',
  ]);
});
