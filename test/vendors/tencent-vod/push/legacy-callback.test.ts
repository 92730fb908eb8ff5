import { expect, test } from "vitest";
import { payloadOf } from "../../../../src/vendors/tencent-vod/events/events.ts";
import { createTencentVodReceiver } from "../../../../src/vendors/tencent-vod/push/receiver.ts";
import { LEGACY } from "./legacy-samples.ts";

test.each(LEGACY)("%s in the callback form from before 2019 becomes today's event", (eventType, data, payload) => {
  const [event] = receive({ version: "4.0", eventType, data });

  expect(event?.type).toBe(eventType);
  expect(payloadOf(eventType, event?.body ?? {})).toMatchObject(payload);
});

test("a callback in the form from before 2019 keeps fields that today's form does not have", () => {
  const [event] = receive({ version: "4.0", eventType: "ClipComplete", data: { odd: { fileList: [1] } }, extra: [2] });

  expect(event?.body).toMatchObject({ version: "4.0", extra: [2], ClipCompleteEvent: { Odd: { FileList: [1] } } });
});

test.each([
  ["no data", { version: "4.0", eventType: "ClipComplete" }],
  ["data of another kind", { version: "4.0", eventType: "ClipComplete", data: [] }],
  ["no type", { version: "4.0", data: {} }],
  ["today's type too", { eventType: "ClipComplete", EventType: "Other", data: { a: 1 } }],
  ["today's content too", { eventType: "ClipComplete", data: { a: 1 }, ClipCompleteEvent: { b: 1 } }],
])("a body like the form from before 2019, but with %s, stays as it is", (_, body) => {
  expect(receive(body)[0]?.body).toEqual(body);
});

test.each(["constructor", "__proto__", "toString"])("an old callback's type may be called %s", (eventType) => {
  expect(receive({ version: "4.0", eventType, data: { fileId: "f" } })[0]?.type).toBe(eventType);
});

test.each(["constructor", "__proto__", "toString"])(
  "an old callback's result may be of a kind called %s",
  (taskType) => {
    const [event] = receive({
      eventType: "ProcedureStateChanged",
      data: { processTaskList: [{ taskType, status: "a" }] },
    });

    expect(payloadOf("ProcedureStateChanged", event?.body ?? {})).toEqual({
      MediaProcessResultSet: [{ Type: taskType, [`${taskType}Task`]: { Status: "a" } }],
    });
  },
);

test.each([
  ["a result without a kind", { processTaskList: [{ a: "1" }] }, { MediaProcessResultSet: [{ A: "1" }] }],
  ["two spellings of a name", { fileId: "1", FileId: "2" }, { fileId: "1", FileId: "2" }],
  ["two old names of one", { imageUrls: ["1"], urlList: ["2"] }, { ImageUrlSet: ["1"], urlList: ["2"] }],
])("an old callback loses nothing of %s", (_, data, payload) => {
  const [event] = receive({ eventType: "ProcedureStateChanged", data });

  expect(payloadOf("ProcedureStateChanged", event?.body ?? {})).toEqual(payload);
});

test("an old callback about deleted files keeps all fields beside the ids", () => {
  const fileInfo = [{ fileId: "1", why: "old" }, { why: "no id" }, "3"];
  const [event] = receive({ eventType: "FileDeleted", data: { fileInfo } });

  expect(payloadOf("FileDeleted", event?.body ?? {})).toEqual({
    FileIdSet: ["1"],
    FileInfoSet: [{ FileId: "1", Why: "old" }, { Why: "no id" }, "3"],
  });
});

function receive(body: object) {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return createTencentVodReceiver({ signKeys: [] }).receive({ headers: {}, body: bytes });
}
