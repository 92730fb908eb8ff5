/** Tasks that look at a file or make other forms of it. */
import { FINISHED, FINISHED_EXT, type Ids, metaData, NO_SESSION, sample, type Sample, url } from "./making.ts";

export const PROCESSING_SAMPLES: Readonly<Record<string, Sample>> = {
  ProcedureStateChanged: sample("ProcedureStateChangeEvent", (ids) => ({
    TaskId: ids.task("Procedure"),
    ...FINISHED,
    FileId: ids.file(),
    FileName: "summer holidays",
    FileUrl: url(ids, "f0.mp4"),
    MetaData: metaData(ids),
    // FINISH is not success: now and then one part of a procedure fails, as at the vendor.
    MediaProcessResultSet: [transcoded(ids), ids.random() < 0.1 ? coverFailed() : coverTaken(ids)],
    TasksPriority: 0,
    TasksNotifyMode: "Finish",
    ...NO_SESSION,
    Operator: "system",
    OperationType: "TaskRetry",
  })),
  ReduceMediaBitrateComplete: sample("ReduceMediaBitrateCompleteEvent", (ids) => ({
    TaskId: ids.task("ReduceMediaBitrate"),
    Status: "FINISH",
    FileId: ids.file(),
    FileName: "summer holidays",
    FileUrl: url(ids, "f0.mp4"),
    MetaData: metaData(ids),
    MediaProcessResultSet: [],
    TasksPriority: 0,
    TasksNotifyMode: "Finish",
    ...NO_SESSION,
  })),
  ReviewAudioVideoComplete: sample("ReviewAudioVideoCompleteEvent", (ids) => ({
    TaskId: ids.task("ReviewAudioVideo"),
    Status: "FINISH",
    ErrCodeExt: "",
    Message: "SUCCESS",
    Input: { FileId: ids.file(), Definition: 10, ReviewContents: [] },
    Output: { Suggestion: "pass", Label: "", Form: "", SegmentSet: [], SegmentSetFileUrl: "" },
    ...NO_SESSION,
  })),
  QualityInspectComplete: sample("QualityInspectCompleteEvent", (ids) => ({
    TaskId: ids.task("QualityInspect"),
    Status: "FINISH",
    ErrCodeExt: "",
    Message: "SUCCESS",
    MetaData: metaData(ids),
    Input: { FileId: ids.file(), Definition: 10 },
    Output: { NoAudio: 0, NoVideo: 0, QualityEvaluationScore: 81, QualityInspectResultSet: [] },
    ...NO_SESSION,
  })),
  ComplexAdaptiveDynamicStreamingComplete: sample("ComplexAdaptiveDynamicStreamingCompleteEvent", (ids) => ({
    TaskId: ids.task("ComplexAdaptiveDynamicStreaming"),
    Status: "FINISH",
    ComplexAdaptiveDynamicStreamingTaskResultSet: [
      {
        Status: "SUCCESS",
        ErrCodeExt: "",
        Message: "SUCCESS",
        Progress: 100,
        Output: { Definition: 10, Format: "HLS", DrmType: "", Url: url(ids, "adp.10.m3u8") },
      },
    ],
  })),
  ProcessMediaByMPSComplete: sample("ProcessMediaByMPSCompleteEvent", (ids) => ({
    TaskId: ids.task("ProcessMediaByMPS"),
    ...FINISHED,
    // Here, and here only, the code of a part is a text.
    SubTaskSet: [
      { TaskType: "AiAnalysis.DeLogoTask", Status: "SUCCESS", ErrCode: "", Message: "SUCCESS", Input: "{}" },
    ],
  })),
  ExtractTraceWatermarkComplete: sample("ExtractTraceWatermarkCompleteEvent", (ids) => ({
    TaskId: ids.task("ExtractTraceWatermark"),
    ...FINISHED_EXT,
    Input: { Url: url(ids, "leak.mp4"), FileId: ids.file() },
    Output: { Uv: ids.hex(8), Uid: "" },
    ...NO_SESSION,
  })),
  ExtractCopyRightWatermarkComplete: sample("ExtractCopyRightWatermarkCompleteEvent", (ids) => ({
    TaskId: ids.task("ExtractCopyRightWatermark"),
    ...FINISHED_EXT,
    Input: { Url: url(ids, "leak.mp4") },
    Output: { Text: "summer holidays" },
    ...NO_SESSION,
  })),
  ExtractBlindWatermarkComplete: sample("ExtractBlindWatermarkComplete", (ids) => ({
    TaskId: ids.task("ExtractBlindWatermark"),
    ...FINISHED,
    InputInfo: { Type: "File", FileId: ids.file() },
    Type: "blind-abseq",
    IsDetected: true,
    Result: ids.hex(8),
    ExtractBlindWatermarkConfig: { SegmentDuration: 5 },
    ...NO_SESSION,
  })),
};

function transcoded(ids: Ids) {
  return {
    Type: "Transcode",
    TranscodeTask: {
      Status: "SUCCESS",
      ErrCodeExt: "",
      ErrCode: 0,
      Message: "SUCCESS",
      Input: { Definition: 100_020 },
      Output: { ...metaData(ids), Url: url(ids, "v.f100020.mp4"), Definition: 100_020, Md5: ids.hex(32) },
      Progress: 100,
    },
  };
}

const COVER = { Type: "CoverBySnapshot" };
const COVER_INPUT = { Definition: 10, PositionType: "Time", PositionValue: 0 };

function coverTaken(ids: Ids) {
  const CoverUrl = url(ids, "coverBySnapshot_10_0.jpg");
  const done = { Status: "SUCCESS", ErrCodeExt: "", ErrCode: 0, Message: "SUCCESS" };
  return { ...COVER, CoverBySnapshotTask: { ...done, Input: COVER_INPUT, Output: { CoverUrl }, Progress: 100 } };
}

function coverFailed() {
  const failed = { Status: "FAIL", ErrCodeExt: "SourceFileError", ErrCode: 40_000, Message: "source file error" };
  return { ...COVER, CoverBySnapshotTask: { ...failed, Input: COVER_INPUT, Progress: 100 } };
}
