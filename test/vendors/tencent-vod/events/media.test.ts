import { describe, expect, test } from "vitest";
import { mediaOf } from "../../../../src/vendors/tencent-vod/events/media.ts";

const MP4 = "http://v.example.com/f0.mp4";

describe("the files in events of Tencent VOD", () => {
  test("are the output files of a concatenation, each with its own outcome", () => {
    const FileInfoSet = [
      {
        ErrCode: 0,
        Message: "",
        FileId: "14508071098244931831",
        FileUrl: "http://v/playlist.f6.m3u8",
        FileType: "m3u8",
      },
      { ErrCode: 4, Message: "bad", FileId: "", FileUrl: "", FileType: "mp4" },
    ];

    expect(tencent("ConcatComplete", "ConcatCompleteEvent", { TaskId: "Concat-1", FileInfoSet })).toEqual({
      vendor: "tencent-vod",
      kind: "concat",
      taskId: "Concat-1",
      fileId: undefined,
      items: [
        { index: 0, ok: true, url: "http://v/playlist.f6.m3u8", fileId: "14508071098244931831", container: "m3u8" },
        { index: 1, ok: false, error: "4: bad", container: "mp4" },
      ],
    });
  });

  test("are all renditions of a transcoded file, or the reason why there are none", () => {
    const PlayInfoSet = [{ Url: MP4 }, { Url: "http://v.example.com/f30.m3u8?x=1" }];

    expect(transcoded({ TaskId: "t", FileId: "24961", ErrCode: 0, Message: "SUCCESS", PlayInfoSet })).toMatchObject({
      kind: "transcode",
      fileId: "24961",
      items: [
        { ok: true, url: MP4, container: "mp4" },
        { ok: true, container: "m3u8" },
      ],
    });
    expect(transcoded({ ErrCode: 60_000, Message: "broken" })?.items).toEqual([
      { index: 0, ok: false, error: "60000: broken" },
    ]);
  });

  test("are among a procedure's results, which may fail in part", () => {
    const MediaProcessResultSet = [
      {
        Type: "Transcode",
        TranscodeTask: { Status: "SUCCESS", ErrCode: 0, Output: { Url: MP4, Container: "mov,mp4" } },
      },
      {
        Type: "AdaptiveDynamicStreaming",
        AdaptiveDynamicStreamingTask: { Status: "FAIL", ErrCode: 30_009, Message: "bad" },
      },
      { Type: "AnimatedGraphics", AnimatedGraphicTask: { Status: "SUCCESS", Output: { Url: "http://v/a.gif" } } },
      { Type: "Transcode", TranscodeTask: { Status: "PROCESSING" } },
      { Type: "CoverBySnapshot", CoverBySnapshotTask: { Status: "SUCCESS", Output: { CoverUrl: "http://v/c.jpg" } } },
    ];

    expect(
      tencent("ProcedureStateChanged", "ProcedureStateChangeEvent", {
        FileId: "5285",
        Status: "FINISH",
        MediaProcessResultSet,
      }),
    ).toMatchObject({
      kind: "procedure",
      fileId: "5285",
      items: [
        { kind: "Transcode", ok: true, container: "mp4" },
        { kind: "AdaptiveDynamicStreaming", ok: false, error: "30009: bad" },
        { kind: "AnimatedGraphics", ok: true, container: "gif" },
      ],
    });
  });

  test.each([
    ["EditMediaComplete", "EditMediaCompleteEvent", "edit"],
    ["EditMediaComplete", "EditMediaComplete", "edit"],
    ["ComposeMediaComplete", "ComposeMediaCompleteEvent", "compose"],
    ["RebuildMediaComplete", "RebuildMediaCompleteEvent", "edit"],
    ["RemoveWatermark", "RemoveWatermarkCompleteEvent", "edit"],
    ["QualityEnhanceComplete", "QualityEnhanceCompleteEvent", "edit"],
  ])("are the output of %s, in %s", (type, field, kind) => {
    const Output = { FileType: "mp4", FileId: "5285", FileUrl: MP4 };
    const failed = { Status: "FINISH", ErrCodeExt: "Internal", ErrCode: 70_000, Message: "sorry" };

    expect(
      tencent(type, field, { TaskId: "t", Status: "FINISH", ErrCode: 0, Input: { FileId: "1" }, Output }),
    ).toMatchObject({
      kind,
      fileId: "1",
      items: [{ ok: true, url: MP4, fileId: "5285", container: "mp4" }],
    });
    expect(tencent(type, field, failed)?.items).toEqual([{ index: 0, ok: false, error: "Internal: sorry" }]);
    expect(tencent(type, field, { Status: "PROCESSING" })?.items).toEqual([]);
  });

  test("are the pieces of a split, the cut of a clip and the streams of an adaptive one", () => {
    const Output = { FileId: "9", MediaBasicInfo: { MediaUrl: MP4, Type: "mp4" } };
    const Result = { Status: "SUCCESS", ErrCodeExt: "", Output: { Url: "http://v/adp.10.m3u8", Format: "HLS" } };

    expect(
      tencent("SplitMediaComplete", "SplitMediaCompleteEvent", { FileInfoSet: [{ Output }] })?.items,
    ).toMatchObject([{ ok: true, fileId: "9", url: MP4, container: "mp4" }]);
    expect(
      tencent("ClipComplete", "ClipCompleteEvent", {
        SrcFileId: "16",
        FileInfo: { ErrCode: 0, FileId: "14", FileUrl: MP4 },
      }),
    ).toMatchObject({ kind: "clip", fileId: "16", items: [{ ok: true, fileId: "14" }] });
    expect(
      tencent("ComplexAdaptiveDynamicStreamingComplete", "ComplexAdaptiveDynamicStreamingCompleteEvent", {
        ComplexAdaptiveDynamicStreamingTaskResultSet: [Result],
      })?.items,
    ).toMatchObject([{ ok: true, container: "m3u8" }]);
  });

  test.each([
    ["NewFileUpload", "FileUploadEvent"],
    ["ClipComplete", "FileUploadEvent"],
  ])("are not found in %s with %s", (type, field) => {
    expect(tencent(type, field, {})).toBeUndefined();
  });
});

function transcoded(content: object) {
  return tencent("TranscodeComplete", "TranscodeCompleteEvent", content);
}

function tencent(type: string, field: string, content: object) {
  return mediaOf(type, { EventType: type, [field]: content });
}
