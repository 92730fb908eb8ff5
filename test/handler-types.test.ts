/** What the compiler refuses. Nothing here runs: the type check of this project is the test. */
import { expect, expectTypeOf, test } from "vitest";
import type { Handler, HandlerContext } from "reliable-callback";
import { on as onAlibaba } from "reliable-callback/alibaba-vod";
import { on as onAws } from "reliable-callback/aws-mediaconvert";
import { on as onTencent } from "reliable-callback/tencent-vod";
import { on as onZego } from "reliable-callback/zegocloud";
import { sample } from "reliable-callback/testing";

const nothing = (): void => {};
const count = (): number => 1;
const later = async (): Promise<number> => 1;

test("a type of event that the vendor does not have is refused", () => {
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

test("a field that the type's payload does not have is refused, and those it has are typed", () => {
  const handlers: readonly Handler[] = [
    // @ts-expect-error: it is called FileId
    onTencent("NewFileUpload", async ({ fileId }) => expect(fileId)),
    // @ts-expect-error: another type's
    onAlibaba("SnapshotComplete", async ({ StreamInfos: { length } }) => expect(length)),
    // @ts-expect-error: a list of objects, not of texts
    onZego("snapshot", async ({ snapshot_pic_list }) => snapshot_pic_list.map((url) => url.trim())),
    // @ts-expect-error: a number
    onAws("ERROR", async ({ errorCode }) => errorCode?.trim()),

    onTencent("NewFileUpload", async ({ FileId }) => expectTypeOf(FileId).toEqualTypeOf<string | undefined>()),
    onTencent("ProcedureStateChanged", async ({ AiContentReviewResultSet }) =>
      expectTypeOf(AiContentReviewResultSet?.[0]?.PornTask?.Status).toEqualTypeOf<string | undefined>(),
    ),
    onAlibaba("SnapshotComplete", async ({ SnapshotInfos }) =>
      expectTypeOf(SnapshotInfos?.[0]?.SnapshotType).toEqualTypeOf<string | undefined>(),
    ),
    onZego("snapshot", async ({ snapshot_pic_list: [picture] }) =>
      expectTypeOf(picture?.url).toEqualTypeOf<string | undefined>(),
    ),
    onAws("COMPLETE", async ({ outputGroupDetails }) =>
      expectTypeOf(outputGroupDetails?.[0]?.type).toEqualTypeOf<string | undefined>(),
    ),
    onTencent("*", async (body, context) => {
      expectTypeOf(body["EventType"]).toEqualTypeOf<unknown>();
      expectTypeOf(context).toEqualTypeOf<HandlerContext>();
    }),
  ];
  expect(handlers).toHaveLength(10);
});

test("an option that is none, or of another type, is refused", () => {
  expect([
    // @ts-expect-error: it is called attempts
    onTencent("NewFileUpload", nothing, { retries: 3 }),
    // @ts-expect-error: a number of milliseconds
    onAlibaba("FileUploadComplete", nothing, { timeoutMs: "5s" }),
    // @ts-expect-error: the type stands before the function
    onZego("record", nothing, { type: "snapshot" }),
  ]).toHaveLength(3);
  // @ts-expect-error: "park", "ignore" or a function
  expect(() => onAws("ERROR", nothing, { failed: "retry" })).toThrow(TypeError);
});

test("a result where a promise is needed is refused", () => {
  expect([
    // @ts-expect-error: nobody looks at a number
    onTencent("NewFileUpload", count),
    // @ts-expect-error: the function is not called
    onAlibaba("FileUploadComplete", () => later),
    // @ts-expect-error: a list of promises is no promise
    onZego("record", () => [later(), later()]),
    // @ts-expect-error: the same in place of `run`
    onAws("ERROR", nothing, { failed: count }),
    onTencent("NewFileUpload", later),
    onAlibaba("FileUploadComplete", nothing),
    onZego("record", () => Promise.all([later(), later()])),
  ]).toHaveLength(7);
  // @ts-expect-error: so is one of a plain handler
  const plain: Handler = { vendor: "*", type: "*", run: count };
  expect(plain.run).toBe(count);
});

test("no function is refused", () => {
  // @ts-expect-error: a function is needed
  expect(() => onTencent("NewFileUpload")).toThrow(TypeError);
});

test("a sample is refused of a type that the vendor does not have", () => {
  // @ts-expect-error: it is called ConcatComplete
  expect(() => sample("tencent-vod", "ConcatCompleted")).toThrow(TypeError);
  // @ts-expect-error: it is Tencent's
  expect(() => sample("zegocloud", "NewFileUpload")).toThrow(TypeError);
  expect(sample("zegocloud", "record").type).toBe("record");
});
