import { expect, test } from "vitest";
import { VENDORS } from "../../src/vendors/index.ts";
import { unlistedTypes } from "../../src/worker/unlisted-types.ts";

const saidOf = (vendor: string, type: string) => unlistedTypes([{ vendor, type }]);

test("every event type of every vendor is known, and so are the placeholders", () => {
  const listed = VENDORS.flatMap(({ name, types }) =>
    [...types, "*", "(none)"].map((type) => ({ vendor: name, type })),
  );

  expect(unlistedTypes(listed)).toEqual([]);
  expect(unlistedTypes(listed.map(({ type }) => ({ vendor: "*", type })))).toEqual([]);
});

test("unlisted event types are accepted if they match their vendor's pattern", () => {
  expect(saidOf("zegocloud", "cloud_recording/102")).toEqual([]);
  expect(saidOf("zegocloud", "EventType/7")).toEqual([]);
  expect(saidOf("aws-mediaconvert", "MediaConvert Queue Changed")).toEqual([]);
  expect(saidOf("zegocloud", "cloud_recording/x")).toHaveLength(1);
});

test.each([
  ["tencent-vod", "ConcatCompleted", "no type of Tencent VOD that this version knows: did you mean ConcatComplete?"],
  ["tencent-vod", "newFileUpload", "no type of Tencent VOD that this version knows: did you mean NewFileUpload?"],
  [
    "tencent-vod",
    "SnapshotComplete",
    "no type of Tencent VOD that this version knows: it is one of Alibaba Cloud VOD, so use the `on` of alibaba-vod",
  ],
  [
    "tencent-vod",
    "StreamTranscodeCompleted",
    "no type of Tencent VOD that this version knows: " +
      "did you mean StreamTranscodeComplete, which is one of Alibaba Cloud VOD?",
  ],
  ["*", "Complete", "no type of any vendor that this version knows: it runs once there are such events"],
  ["*", "room_creat", "no type of any vendor that this version knows: did you mean room_create?"],
  [
    "zegocloud",
    "(unreadable)",
    "no type of ZEGOCLOUD that this version knows: what cannot be read is parked, and no handler gets it",
  ],
])("a handler for %s %s is reported as a misspelling", (vendor, type, told) => {
  expect(saidOf(vendor, type)).toEqual([`a handler is for "${type}", which is ${told}`]);
});

test.each([
  ["tencent-vdo", "did you mean tencent-vod?"],
  ["youtube", 'use one of tencent-vod, alibaba-vod, zegocloud, aws-mediaconvert, or "*"'],
])("an unknown vendor of a handler is reported: %s", (vendor, told) => {
  expect(saidOf(vendor, "NewFileUpload")).toEqual([
    `a handler is for "NewFileUpload" of the vendor "${vendor}", and there is no such vendor: ${told}`,
  ]);
});
