import { assert, dictionary, jsonValue, property, string } from "fast-check";
import { pino } from "pino";
import { describe, expect, expectTypeOf, test } from "vitest";
import type { JsonObject } from "../../../../src/core/event.ts";
import type { HandlerContext } from "../../../../src/core/handler.ts";
import { type EventType, NO_TYPE, readEvent, viewOf } from "../../../../src/vendors/alibaba-vod/events/events.ts";
import { on } from "../../../../src/vendors/alibaba-vod/events/on.ts";
import { asInJavaScript } from "../../../support/as-in-javascript.ts";
import {
  COVERS_TAKEN,
  FILE_UPLOADED,
  IMAGE_MADE,
  SAMPLES,
  SNAPSHOTS_FAILED,
  TAGGED,
  TRANSCODED,
  UPLOADED_BY_URL,
  WORKFLOW_DONE,
} from "../fixtures.ts";
import { contextTools } from "../../../support/context-tools.ts";

describe("the view of an Alibaba Cloud VOD event", () => {
  test("removes the space at the end of a field name, and prefers the documented spelling", () => {
    expect(viewOf("UploadByURLComplete", UPLOADED_BY_URL).SourceURL).toBe("http://source.example.com/27ffc438.mp4");
    expect(viewOf("x", { "A ": 1, A: 2 })).toEqual({ A: 2, ok: true });
    expect(viewOf("x", { A: 2, "A ": 1 })).toEqual({ A: 2, ok: true });
  });

  test.each(["success", "Success", "Succeed", "SUCCEEDED", "Finished", " success "])(
    "is ok for the status %j",
    (Status) => {
      expect(viewOf("TranscodeComplete", { Status })).toEqual({ Status, ok: true });
    },
  );

  test.each(["fail", "Failed", "failed", "", "Processing", "constructor"])("is not ok for the status %j", (Status) => {
    expect(viewOf("TranscodeComplete", { Status })).toEqual({ Status, ok: false });
  });

  test("is ok without a status if there is no error", () => {
    expect(viewOf("FileUploadComplete", FILE_UPLOADED).ok).toBe(true);
    expect(viewOf("SnapshotComplete", COVERS_TAKEN).ok).toBe(true);
    expect(viewOf("SnapshotComplete", { ErrorCode: "Bad" }).ok).toBe(false);
  });

  test("does not trust a field named ok in the event", () => {
    expect(viewOf("SnapshotComplete", { ...SNAPSHOTS_FAILED, ok: true }).ok).toBe(false);
    expect(viewOf("x", { ErrorCode: "Bad", ok: "yes" }).ok).toBe(false);
  });

  test("says for each stream whether it is ok", () => {
    const { StreamInfos, ok } = viewOf("TranscodeComplete", TRANSCODED);

    expect(ok).toBe(true);
    expect(StreamInfos?.map((stream) => stream.ok)).toEqual([true, false]);
  });

  test("parses JSON inside a text", () => {
    expect(viewOf("DynamicImageComplete", IMAGE_MADE).DynamicImageJobInfo).toMatchObject({ JobId: "job-9", ok: true });
    expect(viewOf("AIVideoTagComplete", TAGGED).Data).toEqual({
      Keyword: [{ Times: ["3260", "4000"], Tag: "气垫" }],
      Person: [],
    });
    expect(viewOf("WorkflowTaskComplete", WORKFLOW_DONE)).toMatchObject({
      ok: true,
      TaskInput: {},
      ActivityResults: { VideoTranslation: { ok: true, Result: { ok: true } } },
    });
  });

  test("accepts an object where JSON text is documented", () => {
    expect(viewOf("AIMediaAuditComplete", { Data: { Label: "ad" } }).Data).toEqual({ Label: "ad" });
  });

  test("parses the changes of a media file, which are JSON inside JSON", () => {
    const MediaContent = JSON.stringify({ Title: JSON.stringify({ OldValue: "a", NewValue: "b" }), Tags: "none" });

    expect(viewOf("MediaBaseChangeComplete", { MediaContent }).MediaContent).toEqual({
      Title: { OldValue: "a", NewValue: "b" },
      Tags: "none",
    });
  });

  test("leaves out JSON that is nested too deep to be stored again", () => {
    const [kept, left] = [100, 101].map((levels) => "[".repeat(levels) + "]".repeat(levels));

    expect(JSON.stringify(viewOf("AIVideoTagComplete", { Data: kept }).Data)).toBe(kept);
    expect(viewOf("AIVideoTagComplete", { Data: left }).Data).toBeUndefined();
  });

  test.each(["{", "12", '"text"', ""])("leaves out %j where JSON is documented", (Data) => {
    expect(viewOf("AIVideoTagComplete", { Data }).Data).toBeUndefined();
  });

  test("leaves user data as it is, even if it is JSON", () => {
    expect(viewOf("TranscodeComplete", TRANSCODED).Extend).toBe('{"order":7}');
  });

  test("does not change the event itself", () => {
    const sent = structuredClone(SAMPLES);

    for (const body of Object.values(SAMPLES)) viewOf(body.EventType, body);

    expect(SAMPLES).toEqual(sent);
  });

  test("works for any storable body", () => {
    assert(
      property(dictionary(string(), jsonValue()), (body) => {
        expect(typeof viewOf("SnapshotComplete", body).ok).toBe("boolean");
      }),
      { numRuns: 200 },
    );
  });
});

describe("an Alibaba Cloud VOD event", () => {
  test.each(Object.entries(SAMPLES))("is read as it was sent: %s", (_, body) => {
    expect(readEvent(JSON.stringify(body, null, 2))).toEqual({ type: body.EventType, body });
  });

  test.each([
    [{ EventType: "Brand.New" }, "Brand.New"],
    [{ "EventType ": "SnapshotComplete " }, "SnapshotComplete"],
    [{ EventType: "" }, NO_TYPE],
    [{ EventType: 7 }, NO_TYPE],
    [{}, NO_TYPE],
  ])("%j has the type %s", (body, type) => {
    expect(readEvent(JSON.stringify(body))?.type).toBe(type);
  });

  test.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["a list", "[]"],
    ["null", "null"],
    ["a text", '"x"'],
    ["nested deeper than can be stored", `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`],
  ])("cannot be read if it is %s", (_, text) => {
    expect(readEvent(text)).toBeUndefined();
  });
});

describe("a handler for Alibaba Cloud VOD", () => {
  test("gets the typed view of its event and the context", async () => {
    const handler = on(
      "UploadByURLComplete",
      async (upload, { attempt }) => {
        expectTypeOf(upload.SourceURL).toEqualTypeOf<string | undefined>();
        expectTypeOf(upload.Size).toEqualTypeOf<number | string | undefined>();
        expectTypeOf(upload.ok).toEqualTypeOf<boolean>();
        return [upload.VideoId, upload.ok, attempt];
      },
      { attempts: 3 },
    );

    expect(handler).toMatchObject({ vendor: "alibaba-vod", type: "UploadByURLComplete", attempts: 3 });
    expect(await handler.run(contextOf(UPLOADED_BY_URL))).toEqual(["43a9fjdun3f00002", true, 1]);
  });

  test("may be for an undocumented type", async () => {
    const handler = asInJavaScript(on)("Brand.New", (payload) => payload);

    expect(await handler.run(contextOf({ A: 1 }))).toMatchObject({ A: 1 });
  });

  test("may be for each of the 22 documented types", () => {
    expectTypeOf<EventType>().toEqualTypeOf<
      | "FileUploadComplete"
      | "ImageUploadComplete"
      | "AttachedMediaUploadComplete"
      | "UploadByURLComplete"
      | "StreamTranscodeComplete"
      | "TranscodeComplete"
      | "SnapshotComplete"
      | "DynamicImageComplete"
      | "AddLiveRecordVideoComplete"
      | "LiveRecordVideoComposeStart"
      | "VideoAnalysisComplete"
      | "CreateAuditComplete"
      | "AIMediaAuditComplete"
      | "AIMediaDNAComplete"
      | "AIVideoTagComplete"
      | "ProduceMediaComplete"
      | "DeleteMediaComplete"
      | "MediaBaseChangeComplete"
      | "UpdateMediaStorageClassComplete"
      | "RestoreMediaComplete"
      | "SubmitMediaRefreshComplete"
      | "WorkflowTaskComplete"
    >();
  });
});

function contextOf(body: JsonObject): HandlerContext {
  const event = {
    id: "ev-1",
    fingerprint: "f",
    vendor: "alibaba-vod",
    source: "alibaba-vod",
    door: "push",
    type: "any",
    receivedAt: "2026-01-01T00:00:00.000Z",
    body,
  } as const;
  return { event, attempt: 1, log: pino({ level: "silent" }), signal: new AbortController().signal, ...contextTools };
}
