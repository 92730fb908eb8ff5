import { pino } from "pino";
import type {
  AigcImageTask,
  AigcVideoTask,
  ClipTask2017,
  ComplexAdaptiveDynamicStreamingTask,
  ComposeMediaTask,
  ConcatTask2017,
  CreateAigcAdvancedCustomElementTask,
  CreateAigcCustomVoiceTask,
  CreateImageSpriteTask2017,
  DescribeAigcFaceInfoAsyncTask,
  DescribeFileAttributesTask,
  EditMediaTask,
  ExtractBlindWatermarkTask,
  ExtractCopyRightWatermarkTask,
  ExtractTraceWatermarkTask,
  FileDeleteTask,
  FileUploadTask,
  MediaCastEvent,
  PersistenceCompleteTask,
  ProcedureTask,
  ProcessImageAsyncTask,
  ProcessMediaByMPS,
  PullUploadTask,
  QualityEnhanceTask,
  QualityInspectTask,
  RebuildMediaTask,
  ReduceMediaBitrateTask,
  RemoveWatermarkTask,
  RestoreMediaTask,
  ReviewAudioVideoTask,
  SceneAigcImageTask,
  SnapshotByTimeOffsetTask2017,
  SplitMediaTask,
  TranscodeTask2017,
  WechatMiniProgramPublishTask,
  WechatPublishTask,
} from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";
import { expect, expectTypeOf, test } from "vitest";
import { PermanentError } from "../../../../src/core/errors.ts";
import type { JsonObject } from "../../../../src/core/event.ts";
import type { HandlerContext } from "../../../../src/core/handler.ts";
import type { EventType, PayloadOf } from "../../../../src/vendors/tencent-vod/events/event-types.ts";
import { NO_TYPE, payloadOf, typeOf } from "../../../../src/vendors/tencent-vod/events/events.ts";
import { on } from "../../../../src/vendors/tencent-vod/events/on.ts";
import { asInJavaScript } from "../../../support/as-in-javascript.ts";
import { contextTools } from "../../../support/context-tools.ts";

/** As the vendor documents them: the type, the field, the interface. */
type Documented = {
  NewFileUpload: ["FileUploadEvent", FileUploadTask];
  ProcedureStateChanged: ["ProcedureStateChangeEvent", ProcedureTask];
  FileDeleted: ["FileDeleteEvent", FileDeleteTask];
  RestoreMediaComplete: ["RestoreMediaCompleteEvent", RestoreMediaTask];
  PullComplete: ["PullCompleteEvent", PullUploadTask];
  EditMediaComplete: ["EditMediaCompleteEvent", EditMediaTask];
  SplitMediaComplete: ["SplitMediaCompleteEvent", SplitMediaTask];
  ComposeMediaComplete: ["ComposeMediaCompleteEvent", ComposeMediaTask];
  WechatPublishComplete: ["WechatPublishCompleteEvent", WechatPublishTask];
  WechatMiniProgramPublishComplete: ["WechatMiniProgramPublishCompleteEvent", WechatMiniProgramPublishTask];
  RemoveWatermark: ["RemoveWatermarkCompleteEvent", RemoveWatermarkTask];
  RebuildMediaComplete: ["RebuildMediaCompleteEvent", RebuildMediaTask];
  ReviewAudioVideoComplete: ["ReviewAudioVideoCompleteEvent", ReviewAudioVideoTask];
  ExtractTraceWatermarkComplete: ["ExtractTraceWatermarkCompleteEvent", ExtractTraceWatermarkTask];
  ExtractCopyRightWatermarkComplete: ["ExtractCopyRightWatermarkCompleteEvent", ExtractCopyRightWatermarkTask];
  ExtractBlindWatermarkComplete: ["ExtractBlindWatermarkComplete", ExtractBlindWatermarkTask];
  DescribeFileAttributesComplete: ["DescribeFileAttributesCompleteEvent", DescribeFileAttributesTask];
  QualityInspectComplete: ["QualityInspectCompleteEvent", QualityInspectTask];
  QualityEnhanceComplete: ["QualityEnhanceCompleteEvent", QualityEnhanceTask];
  MediaCastStatusChanged: ["MediaCastStatusChangedEvent", MediaCastEvent];
  PersistenceComplete: ["PersistenceCompleteEvent", PersistenceCompleteTask];
  ComplexAdaptiveDynamicStreamingComplete: [
    "ComplexAdaptiveDynamicStreamingCompleteEvent",
    ComplexAdaptiveDynamicStreamingTask,
  ];
  ProcessMediaByMPSComplete: ["ProcessMediaByMPSCompleteEvent", ProcessMediaByMPS];
  AigcImageTaskComplete: ["AigcImageCompleteEvent", AigcImageTask];
  AigcVideoTaskComplete: ["AigcVideoCompleteEvent", AigcVideoTask];
  SceneAigcImageCompleteEvent: ["SceneAigcImageCompleteEvent", SceneAigcImageTask];
  ProcessImageAsyncCompleteEvent: ["ProcessImageAsyncCompleteEvent", ProcessImageAsyncTask];
  CreateAigcAdvancedCustomElementCompleteEvent: [
    "CreateAigcAdvancedCustomElementCompleteEvent",
    CreateAigcAdvancedCustomElementTask,
  ];
  CreateAigcCustomVoiceCompleteEvent: ["CreateAigcCustomVoiceCompleteEvent", CreateAigcCustomVoiceTask];
  DescribeAigcFaceInfoAsyncComplete: ["DescribeAigcFaceInfoAsyncCompleteEvent", DescribeAigcFaceInfoAsyncTask];
  ReduceMediaBitrateComplete: ["ReduceMediaBitrateCompleteEvent", ReduceMediaBitrateTask];
  TranscodeComplete: ["TranscodeCompleteEvent", TranscodeTask2017];
  ConcatComplete: ["ConcatCompleteEvent", ConcatTask2017];
  ClipComplete: ["ClipCompleteEvent", ClipTask2017];
  CreateImageSpriteComplete: ["CreateImageSpriteCompleteEvent", CreateImageSpriteTask2017];
  CreateSnapshotByTimeOffsetComplete: ["SnapshotByTimeOffsetCompleteEvent", SnapshotByTimeOffsetTask2017];
};

const DOCUMENTED: { [T in keyof Documented]: Documented[T][0] } = {
  NewFileUpload: "FileUploadEvent",
  ProcedureStateChanged: "ProcedureStateChangeEvent",
  FileDeleted: "FileDeleteEvent",
  RestoreMediaComplete: "RestoreMediaCompleteEvent",
  PullComplete: "PullCompleteEvent",
  EditMediaComplete: "EditMediaCompleteEvent",
  SplitMediaComplete: "SplitMediaCompleteEvent",
  ComposeMediaComplete: "ComposeMediaCompleteEvent",
  WechatPublishComplete: "WechatPublishCompleteEvent",
  WechatMiniProgramPublishComplete: "WechatMiniProgramPublishCompleteEvent",
  RemoveWatermark: "RemoveWatermarkCompleteEvent",
  RebuildMediaComplete: "RebuildMediaCompleteEvent",
  ReviewAudioVideoComplete: "ReviewAudioVideoCompleteEvent",
  ExtractTraceWatermarkComplete: "ExtractTraceWatermarkCompleteEvent",
  ExtractCopyRightWatermarkComplete: "ExtractCopyRightWatermarkCompleteEvent",
  ExtractBlindWatermarkComplete: "ExtractBlindWatermarkComplete",
  DescribeFileAttributesComplete: "DescribeFileAttributesCompleteEvent",
  QualityInspectComplete: "QualityInspectCompleteEvent",
  QualityEnhanceComplete: "QualityEnhanceCompleteEvent",
  MediaCastStatusChanged: "MediaCastStatusChangedEvent",
  PersistenceComplete: "PersistenceCompleteEvent",
  ComplexAdaptiveDynamicStreamingComplete: "ComplexAdaptiveDynamicStreamingCompleteEvent",
  ProcessMediaByMPSComplete: "ProcessMediaByMPSCompleteEvent",
  AigcImageTaskComplete: "AigcImageCompleteEvent",
  AigcVideoTaskComplete: "AigcVideoCompleteEvent",
  SceneAigcImageCompleteEvent: "SceneAigcImageCompleteEvent",
  ProcessImageAsyncCompleteEvent: "ProcessImageAsyncCompleteEvent",
  CreateAigcAdvancedCustomElementCompleteEvent: "CreateAigcAdvancedCustomElementCompleteEvent",
  CreateAigcCustomVoiceCompleteEvent: "CreateAigcCustomVoiceCompleteEvent",
  DescribeAigcFaceInfoAsyncComplete: "DescribeAigcFaceInfoAsyncCompleteEvent",
  ReduceMediaBitrateComplete: "ReduceMediaBitrateCompleteEvent",
  TranscodeComplete: "TranscodeCompleteEvent",
  ConcatComplete: "ConcatCompleteEvent",
  ClipComplete: "ClipCompleteEvent",
  CreateImageSpriteComplete: "CreateImageSpriteCompleteEvent",
  CreateSnapshotByTimeOffsetComplete: "SnapshotByTimeOffsetCompleteEvent",
};

test("every documented Tencent type has the payload type of the vendor's SDK", () => {
  expectTypeOf<{ [T in keyof Documented]: PayloadOf<T> }>().toEqualTypeOf<{
    [T in keyof Documented]: Documented[T][1];
  }>();
  expectTypeOf<Exclude<EventType, keyof Documented>>().toEqualTypeOf<
    | "SceneAigcImageComplete"
    | "ProcessImageAsyncComplete"
    | "CreateAigcAdvancedCustomElementComplete"
    | "CreateAigcCustomVoiceComplete"
  >();
  expect(Object.keys(DOCUMENTED)).toHaveLength(36);
});

test.each(Object.entries(DOCUMENTED))("the payload of the Tencent type %s is the field %s", (type, field) => {
  const content = { FileId: "5285890784273533167" };
  const nulls = Object.fromEntries(Object.values(DOCUMENTED).map((other) => [other, null]));

  expect(payloadOf(type, { ...nulls, EventType: type, [field]: content })).toBe(content);
});

test("a handler for Tencent VOD gets the typed content of its event and the context", async () => {
  const handler = on("NewFileUpload", async (upload, { attempt }) => {
    expectTypeOf(upload).toEqualTypeOf<FileUploadTask>();
    return [upload.MediaBasicInfo?.Name, attempt];
  });

  const result = await handler.run(contextOf({ FileUploadEvent: { MediaBasicInfo: { Name: "a.mp4" } } }));

  expect(result).toEqual(["a.mp4", 1]);
  expect(handler).toMatchObject({ vendor: "tencent-vod", type: "NewFileUpload" });
});

test("a Tencent handler's options do not change its other fields", () => {
  const options = { attempts: 5, backoffMs: 100, timeoutMs: 1000, type: "FileDeleted" };

  expect(on("NewFileUpload", () => {}, options)).toMatchObject({
    attempts: 5,
    backoffMs: 100,
    timeoutMs: 1000,
    type: "NewFileUpload",
  });
});

test.each(["SomethingNewComplete", "*", NO_TYPE, "constructor", "__proto__"])(
  "a handler for the undocumented Tencent type %s gets the whole body",
  async (type) => {
    const body = { EventType: type, SomethingNewEvent: { A: 1 } };
    const handler = asInJavaScript(on)(type, (payload) => payload);

    expect(await handler.run(contextOf(body))).toBe(body);
    expect(handler.type).toBe(type);
  },
);

test.each([
  ["no field at all", {}],
  ["its field null", { FileUploadEvent: null }],
  ["its field a text", { FileUploadEvent: "gone" }],
  ["another type's content", { FileUploadEvent: null, FileDeleteEvent: { FileIdSet: [] } }],
])("a Tencent event with %s is parked, and the reason names the field", (_, body) => {
  const handler = on("NewFileUpload", () => {});

  expect(() => handler.run(contextOf(body))).toThrow(new PermanentError("NewFileUpload carries no FileUploadEvent"));
});

test.each([
  ["EditMediaComplete", "EditMediaComplete"],
  ["EditMediaComplete", "EditMediaCompleteEvent"],
  ["WechatPublishComplete", "WechatPublishComplete"],
  ["ExtractBlindWatermarkComplete", "ExtractBlindWatermarkCompleteEvent"],
  ["NewFileUpload", "SomeRenamedEvent"],
])("the content of the Tencent type %s is also found as %s", (type, field) => {
  expect(payloadOf(type, { EventType: type, FileDeleteEvent: null, [field]: { TaskId: "t" } })).toEqual({
    TaskId: "t",
  });
});

test("a Tencent type with two documented spellings is one type", async () => {
  const body = { EventType: "SceneAigcImageComplete", SceneAigcImageCompleteEvent: { TaskId: "t" } };
  const handler = on("SceneAigcImageComplete", async (task) => {
    expectTypeOf(task).toEqualTypeOf<SceneAigcImageTask>();
    return task.TaskId;
  });

  expect(typeOf(body)).toBe(handler.type);
  expect(typeOf({ ...body, EventType: "SceneAigcImageCompleteEvent" })).toBe(handler.type);
  expect(await handler.run(contextOf(body))).toBe("t");
});

test.each([
  ["what it says", { EventType: "NewFileUpload", FileDeleteEvent: {} }, "NewFileUpload"],
  ["what it says, known or not", { EventType: "SomethingNew" }, "SomethingNew"],
  ["its only content", { ComposeMediaCompleteEvent: { TaskId: "t" }, ClipCompleteEvent: null }, "ComposeMediaComplete"],
  ["its only content in the older spelling", { EventType: null, EditMediaComplete: {} }, "EditMediaComplete"],
  ["nothing, when there are two contents", { ClipCompleteEvent: {}, FileDeleteEvent: {} }, NO_TYPE],
  ["nothing, when its content is of no known type", { EventType: "", SomethingNewEvent: {} }, NO_TYPE],
  ["nothing, when the type is no text", { EventType: 7 }, NO_TYPE],
  ["nothing, when there is nothing", {}, NO_TYPE],
])("a Tencent event's type is %s", (_, body, type) => {
  expect(typeOf(body)).toBe(type);
});

function contextOf(body: JsonObject): HandlerContext {
  const event = {
    id: "ev-1",
    fingerprint: "f",
    vendor: "tencent-vod",
    source: "tencent-vod",
    door: "pull",
    type: "any",
    receivedAt: "2026-01-01T00:00:00.000Z",
    body,
  } as const;
  return { event, attempt: 1, log: pino({ level: "silent" }), signal: new AbortController().signal, ...contextTools };
}
