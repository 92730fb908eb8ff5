import { pino } from "pino";
import { expect, expectTypeOf, test } from "vitest";
import { PermanentError } from "../../../../src/core/errors.ts";
import type { JsonObject } from "../../../../src/core/event.ts";
import type { HandlerContext } from "../../../../src/core/handler.ts";
import { type EventType, NO_TYPE, payloadOf, typeOf } from "../../../../src/vendors/zegocloud/events/events.ts";
import { on } from "../../../../src/vendors/zegocloud/events/on.ts";
import { asInJavaScript } from "../../../support/as-in-javascript.ts";
import { PAYLOADS } from "../../../../src/vendors/zegocloud/events/payloads.ts";
import { contextTools } from "../../../support/context-tools.ts";

/** The vendor's overview of its callbacks, and the numbers of the two products that have no names. */
const DOCUMENTED = [
  "room_create room_close room_login room_logout stream_create stream_close mix_start mix_stop",
  "transcode_start transcode_stop record compose procedure snapshot censor_audio_v2_result censor_audio_v2_status",
  "censor_video_v2_audio_result censor_video_v2_img_result censor_video_v2_audio_status censor_video_v2_img_status",
  "cloud_recording/1 cloud_recording/2 cloud_recording/3 cloud_recording/4 cloud_recording/5 cloud_recording/6",
  "cloud_recording/7 cloud_player/1 cloud_player/2 cloud_player/3 cloud_player/4",
].flatMap((line) => line.split(" "));

test("every documented ZEGOCLOUD event has a payload of its own", () => {
  expect(Object.keys(PAYLOADS).toSorted()).toEqual(DOCUMENTED.toSorted());
  expectTypeOf<"snapshot" | "cloud_player/4">().toExtend<EventType>();
});

test("a handler for ZEGOCLOUD's snapshots gets the pictures from inside the JSON text", async () => {
  const list =
    '[{"url":"https://p.example.com/1.jpg","offset":0},{"url":"https://p.example.com/2.jpg","offset":1500.5}]';
  const handler = on("snapshot", async ({ snapshot_pic_list: pictures, task_id: taskId }, { attempt }) => {
    expectTypeOf(pictures[0]?.url).toEqualTypeOf<string | undefined>();
    return [taskId, attempt, ...pictures.map(({ url, offset }) => [url, offset])];
  });

  const result = await handler.run(
    contextOf({ event: "snapshot", task_id: "1253642700910365374", snapshot_pic_list: list }),
  );

  expect(result).toEqual([
    "1253642700910365374",
    1,
    ["https://p.example.com/1.jpg", 0],
    ["https://p.example.com/2.jpg", 1500.5],
  ]);
  expect(handler).toMatchObject({ vendor: "zegocloud", type: "snapshot" });
});

test("the outputs of a ZEGOCLOUD transcoding are parsed, each with its own code", () => {
  const outputs = [
    { code: "0", replay_url: "https://r.example.com/1.m3u8", size: 6833612 },
    { code: 70000, message: "no" },
  ];

  const payload = payloadOf("procedure", {
    event: "procedure",
    status: "SUCCESS",
    extra_params: JSON.stringify({ media: { transcode: outputs } }),
  });

  expect(payload.extra_params).toEqual({ media: { transcode: [outputs[0], { code: "70000", message: "no" }] } });
});

test.each([
  ["a text that is no JSON", "extra_params", "extra_params"],
  ["nothing, as after a failure", "", ""],
  ["an id of 64 bits", '{"FileID":5285890784273533167}', { FileID: "5285890784273533167" }],
  ["an object as it is", { Duration: 3 }, { Duration: 3 }],
  ["null", null, null],
])("extra parameters of ZEGOCLOUD that are %s are read", (_, sent, seen) => {
  const payload = payloadOf("record", {
    event: "record",
    replay_url: "https://r.example.com/1.mp4",
    extra_params: sent,
  });

  expect(payload.extra_params).toEqual(seen);
});

test("a missing field of ZEGOCLOUD is named in the error", () => {
  expect(() => payloadOf("snapshot", {})).toThrow("snapshot cannot be read: snapshot_pic_list: is missing");
  expect(() => payloadOf("record", {})).toThrow("record cannot be read: replay_url: is missing");
});

test("common fields of ZEGOCLOUD are given in lower case and as text", () => {
  const body = {
    Event: "transcode_stop",
    AppId: 7,
    Timestamp: 1_767_225_600,
    Nonce: "9",
    TaskId: "t",
    StopReason: "0",
  };

  expect(payloadOf("transcode_stop", body)).toMatchObject({
    event: "transcode_stop",
    appid: "7",
    timestamp: "1767225600",
    nonce: "9",
    TaskId: "t",
    StopReason: 0,
  });
  expect(payloadOf("cloud_recording/5", { app_id: 8, event_type: 5 })).toMatchObject({ appid: "8", event_type: 5 });
});

test("values that a form had to write as text get their documented types", () => {
  const recorded = { event_type: "1", detail: '{"upload_status":1,"file_info":[{"duration":"7"}]}' };
  const links = payloadOf("stream_create", { rtmp_url: '["rtmp://a","rtmp://b"]', hls_url: "https://c" });

  expect(payloadOf("cloud_recording/1", recorded)).toMatchObject({
    event_type: 1,
    detail: { file_info: [{ duration: 7 }] },
  });
  expect(links).toMatchObject({ rtmp_url: ["rtmp://a", "rtmp://b"], hls_url: ["https://c"] });
  expect(payloadOf("cloud_recording/5", { event_type: "5", detail: "" }).detail).toBeNull();
});

test("undocumented fields of ZEGOCLOUD are kept, and missing ones do no harm", () => {
  expect(payloadOf("room_login", { event: "room_login", not_yet: [1] })).toMatchObject({ not_yet: [1] });
  expect(payloadOf("procedure", { status: "FAILED" })).toMatchObject({ status: "FAILED" });
  expect(payloadOf("mix_stop", {})).toBeDefined();
});

test.each([
  ["snapshot", {}, "snapshot_pic_list"],
  ["snapshot", { snapshot_pic_list: "[" }, "snapshot_pic_list"],
  ["snapshot", { snapshot_pic_list: '[{"offset":0}]' }, "snapshot_pic_list.0.url"],
  ["record", { replay_url: 7 }, "replay_url"],
  ["room_login", { room_id: {} }, "room_id"],
  ["cloud_recording/1", { event_type: 1, detail: { file_info: "none" } }, "detail.file_info"],
])("a ZEGOCLOUD %s with %j is parked, and the reason names the field", (type, body, field) => {
  const handler = asInJavaScript(on)(type, () => "handled");

  expect(() => handler.run(contextOf(body))).toThrow(PermanentError);
  expect(() => handler.run(contextOf(body))).toThrow(`${type} cannot be read: ${field}: `);
});

test.each(["room_destroy", "*", NO_TYPE, "constructor", "__proto__"])(
  "a handler for the undocumented ZEGOCLOUD type %s gets the whole body",
  async (type) => {
    const body = { event: type, some: "thing" };
    const handler = asInJavaScript(on)(type, (payload) => payload);

    expect(await handler.run(contextOf(body))).toBe(body);
    expect(handler.type).toBe(type);
  },
);

test("a ZEGOCLOUD handler's options do not change its other fields", () => {
  const options = { attempts: 5, backoffMs: 100, timeoutMs: 1000, type: "record" };

  expect(on("compose", () => {}, options)).toMatchObject({
    attempts: 5,
    backoffMs: 100,
    timeoutMs: 1000,
    type: "compose",
  });
});

test("a hostile ZEGOCLOUD payload pollutes no prototype", () => {
  payloadOf("room_login", JSON.parse('{"event":"room_login","__proto__":{"polluted":true}}'));

  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test.each([
  ["its name", { event: "snapshot" }, "snapshot"],
  ["its name with a capital in front", { Event: "transcode_start" }, "transcode_start"],
  ["its name, known or not", { event: "cvt_finish", event_type: 1 }, "cvt_finish"],
  ["its number in cloud recording", { event_type: 1, app_id: 7 }, "cloud_recording/1"],
  ["its number from a form", { event_type: "5" }, "cloud_recording/5"],
  ["its number in the cloud player", { EventType: 3, PlayerId: "p" }, "cloud_player/3"],
  ["its number in a product that is not known", { EventType: 4, TaskId: "t" }, "EventType/4"],
  ["nothing, when it has neither", { appid: "1" }, NO_TYPE],
  ["nothing, when its name is no name", { event: "a\nb" }, NO_TYPE],
  ["nothing, when its name is without end", { event: "x".repeat(65) }, NO_TYPE],
  ["nothing, when its name is no text", { event: 7 }, NO_TYPE],
  ["nothing, when its number is none", { event_type: 1.5, EventType: -1 }, NO_TYPE],
])("a ZEGOCLOUD event's type is %s", (_, body, type) => {
  expect(typeOf(body)).toBe(type);
});

function contextOf(body: JsonObject): HandlerContext {
  const event = {
    id: "ev-1",
    fingerprint: "f",
    vendor: "zegocloud",
    source: "zegocloud",
    door: "push",
    type: "any",
    receivedAt: "2026-01-01T00:00:00.000Z",
    body,
  } as const;
  return { event, attempt: 1, log: pino({ level: "silent" }), signal: new AbortController().signal, ...contextTools };
}
