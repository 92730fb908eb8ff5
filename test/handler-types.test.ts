/** What the compiler refuses. Nothing here runs: the type check of this project is the test. */
import { expect, expectTypeOf, test } from "vitest";
import type { Handler, HandlerContext, JsonObject } from "reliable-callback";
import { on as onAlibaba } from "reliable-callback/alibaba-vod";
import { on as onAws } from "reliable-callback/aws-mediaconvert";
import { on as onTencent, type OutcomeState } from "reliable-callback/tencent-vod";
import { on as onZego } from "reliable-callback/zegocloud";
import { sample } from "reliable-callback/testing";

const nothing = (): void => {};
const count = (): number => 1;
const later = async (): Promise<number> => 1;
const forAll = (body: JsonObject, context: HandlerContext): void => {
  expectTypeOf(body["EventType"]).toEqualTypeOf<unknown>();
  expectTypeOf(context).toEqualTypeOf<HandlerContext>();
};

test("types refuse an event type that the vendor does not have", () => {
  expect([
    // @ts-expect-error: it is called ConcatComplete
    onTencent("ConcatCompleted", nothing),
    // @ts-expect-error: it is Alibaba's
    onTencent("SnapshotComplete", nothing),
    // @ts-expect-error: it is Tencent's
    onAlibaba("NewFileUpload", nothing),
    // @ts-expect-error: it is called snapshot
    onZego("Snapshot", nothing),
    // @ts-expect-error: a status that no job has
    onAws("DONE", nothing),
  ]).toHaveLength(5);
});

test("types refuse a field that the event's payload does not have", () => {
  expect([
    // @ts-expect-error: it is called FileId
    onTencent("NewFileUpload", async ({ fileId }) => expect(fileId)),
    // @ts-expect-error: it is called VideoId
    onAlibaba("TranscodeComplete", async ({ videoId }) => expect(videoId)),
    // @ts-expect-error: it is called stream_id
    onZego("stream_create", async ({ streamId }) => expect(streamId)),
    // @ts-expect-error: it is called file_url
    onZego("cloud_recording/1", async ({ detail }) => expect(detail?.file_info?.[0]?.url)),
    // @ts-expect-error: it is called jobId
    onAws("COMPLETE", async ({ JobId }) => expect(JobId)),
  ]).toHaveLength(5);
});

test("types refuse a field of another event type", () => {
  expect([
    // @ts-expect-error: PullComplete's
    onTencent("NewFileUpload", async ({ FileUrl }) => expect(FileUrl)),
    // @ts-expect-error: StreamTranscodeComplete's
    onAlibaba("SnapshotComplete", async ({ StreamInfos }) => expect(StreamInfos)),
    // @ts-expect-error: record's
    onZego("snapshot", async ({ replay_url }) => expect(replay_url)),
    // @ts-expect-error: COMPLETE's
    onAws("ERROR", async ({ outputGroupDetails }) => expect(outputGroupDetails)),
  ]).toHaveLength(4);
});

test("each field has its documented type", () => {
  const handlers: readonly Handler[] = [
    // @ts-expect-error: a text
    onTencent("NewFileUpload", async ({ FileId }) => FileId?.toFixed()),
    // @ts-expect-error: a list of objects, not of texts
    onAlibaba("SnapshotComplete", async ({ SnapshotInfos }) => SnapshotInfos?.map((url) => url.trim())),
    // @ts-expect-error: a list of objects, not of texts
    onZego("snapshot", async ({ snapshot_pic_list }) => snapshot_pic_list.map((url) => url.trim())),
    // @ts-expect-error: a number
    onAws("ERROR", async ({ errorCode }) => errorCode?.trim()),

    onTencent("NewFileUpload", async ({ FileId }) => expectTypeOf(FileId).toEqualTypeOf<string | undefined>()),
    onTencent("ProcedureStateChanged", async ({ AiContentReviewResultSet }) =>
      expectTypeOf(AiContentReviewResultSet?.[0]?.PornTask?.Status).toEqualTypeOf<string | undefined>(),
    ),
    onAlibaba("SnapshotComplete", async ({ ok, SnapshotInfos }) => {
      expectTypeOf(ok).toEqualTypeOf<boolean>();
      expectTypeOf(SnapshotInfos?.[0]?.SnapshotType).toEqualTypeOf<string | undefined>();
    }),
    onZego("snapshot", async ({ snapshot_pic_list: [picture] }) =>
      expectTypeOf(picture?.url).toEqualTypeOf<string | undefined>(),
    ),
    onZego("cloud_recording/1", async ({ detail }) =>
      expectTypeOf(detail?.file_info?.[0]?.file_size).toEqualTypeOf<number | null | undefined>(),
    ),
    onAws("COMPLETE", async ({ outputGroupDetails }) =>
      expectTypeOf(outputGroupDetails?.[0]?.type).toEqualTypeOf<string | undefined>(),
    ),
  ];
  expect(handlers).toHaveLength(10);
});

test("a handler for all types gets the whole body as unknown fields", () => {
  expect([onTencent("*", forAll), onAlibaba("*", forAll), onZego("*", forAll), onAws("*", forAll)]).toHaveLength(4);
});

test("types refuse an unknown option, and one of the wrong type", () => {
  expect([
    // @ts-expect-error: it is called attempts
    onTencent("NewFileUpload", nothing, { retries: 3 }),
    // @ts-expect-error: it is called attempts
    onAlibaba("FileUploadComplete", nothing, { retries: 3 }),
    // @ts-expect-error: it is called attempts
    onZego("record", nothing, { retries: 3 }),
    // @ts-expect-error: it is called attempts
    onAws("ERROR", nothing, { retries: 3 }),
    // @ts-expect-error: a number of milliseconds
    onTencent("NewFileUpload", nothing, { timeoutMs: "5s" }),
    // @ts-expect-error: a number of milliseconds
    onAlibaba("FileUploadComplete", nothing, { timeoutMs: "5s" }),
    // @ts-expect-error: a number of milliseconds
    onZego("record", nothing, { timeoutMs: "5s" }),
    // @ts-expect-error: a number of milliseconds
    onAws("ERROR", nothing, { timeoutMs: "5s" }),
    // @ts-expect-error: the type stands before the function
    onZego("record", nothing, { type: "snapshot" }),
  ]).toHaveLength(9);
});

test("types allow park, ignore or a function of the payload for failed work", () => {
  // @ts-expect-error: none of the three
  expect(() => onTencent("ConcatComplete", nothing, { failed: "retry" })).toThrow(TypeError);
  // @ts-expect-error: none of the three
  expect(() => onAlibaba("TranscodeComplete", nothing, { failed: "retry" })).toThrow(TypeError);
  // @ts-expect-error: none of the three
  expect(() => onZego("compose", nothing, { failed: "retry" })).toThrow(TypeError);
  // @ts-expect-error: none of the three
  expect(() => onAws("ERROR", nothing, { failed: "retry" })).toThrow(TypeError);
  expect([
    // @ts-expect-error: it is called TaskId
    onTencent("ConcatComplete", nothing, { failed: async ({ taskId }) => expect(taskId) }),
    // @ts-expect-error: it is called VideoId
    onAlibaba("TranscodeComplete", nothing, { failed: async ({ videoId }) => expect(videoId) }),
    // @ts-expect-error: it is called task_id
    onZego("compose", nothing, { failed: async ({ taskId }) => expect(taskId) }),
    // @ts-expect-error: it is called jobId
    onAws("ERROR", nothing, { failed: async ({ JobId }) => expect(JobId) }),
    onTencent("ConcatComplete", nothing, {
      failed: async ({ TaskId }, context, { state }) => {
        expectTypeOf(TaskId).toEqualTypeOf<string | undefined>();
        expectTypeOf(context).toEqualTypeOf<HandlerContext>();
        expectTypeOf(state).toEqualTypeOf<OutcomeState>();
      },
    }),
  ]).toHaveLength(5);
});

test("types refuse a handler that returns a plain value instead of a promise", () => {
  expect([
    // @ts-expect-error: nobody looks at a number
    onTencent("NewFileUpload", count),
    // @ts-expect-error: nobody looks at a number
    onAlibaba("FileUploadComplete", count),
    // @ts-expect-error: nobody looks at a number
    onZego("record", count),
    // @ts-expect-error: nobody looks at a number
    onAws("ERROR", count),
    // @ts-expect-error: the function is not called
    onTencent("NewFileUpload", () => later),
    // @ts-expect-error: the function is not called
    onAlibaba("FileUploadComplete", () => later),
    // @ts-expect-error: the function is not called
    onZego("record", () => later),
    // @ts-expect-error: the function is not called
    onAws("ERROR", () => later),
    // @ts-expect-error: a list of promises is no promise
    onTencent("NewFileUpload", () => [later(), later()]),
    // @ts-expect-error: a list of promises is no promise
    onAlibaba("FileUploadComplete", () => [later(), later()]),
    // @ts-expect-error: a list of promises is no promise
    onZego("record", () => [later(), later()]),
    // @ts-expect-error: a list of promises is no promise
    onAws("ERROR", () => [later(), later()]),
    // @ts-expect-error: the same in place of `run`
    onTencent("NewFileUpload", nothing, { failed: count }),
    // @ts-expect-error: the same in place of `run`
    onAlibaba("FileUploadComplete", nothing, { failed: count }),
    // @ts-expect-error: the same in place of `run`
    onZego("record", nothing, { failed: count }),
    // @ts-expect-error: the same in place of `run`
    onAws("ERROR", nothing, { failed: count }),
    onTencent("NewFileUpload", later),
    onAlibaba("FileUploadComplete", nothing),
    onZego("record", () => Promise.all([later(), later()])),
  ]).toHaveLength(19);
  // @ts-expect-error: so is one of a plain handler
  const plain: Handler = { vendor: "*", type: "*", run: count };
  expect(plain.run).toBe(count);
});

test("types refuse `on` without a function", () => {
  // @ts-expect-error: a function is needed
  expect(() => onTencent("NewFileUpload")).toThrow(TypeError);
  // @ts-expect-error: a function is needed
  expect(() => onAlibaba("FileUploadComplete")).toThrow(TypeError);
  // @ts-expect-error: a function is needed
  expect(() => onZego("record")).toThrow(TypeError);
  // @ts-expect-error: a function is needed
  expect(() => onAws("ERROR")).toThrow(TypeError);
});

test("types refuse a sample of an event type that the vendor does not have", () => {
  // @ts-expect-error: it is called ConcatComplete
  expect(() => sample("tencent-vod", "ConcatCompleted")).toThrow(TypeError);
  // @ts-expect-error: it is Tencent's
  expect(() => sample("zegocloud", "NewFileUpload")).toThrow(TypeError);
  expect(sample("zegocloud", "record").type).toBe("record");
});
