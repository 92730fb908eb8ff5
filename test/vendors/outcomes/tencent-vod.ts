import type { EventType } from "../../../src/vendors/tencent-vod/public.ts";
import { bad, type Case, failed, good, IN_PROGRESS, inParts, NOTHING_SAID, SUCCEEDED, underWay } from "./cases.ts";

const HAPPENED: readonly Case[] = [["that says who it is about", { FileId: "5285890784273533167" }, SUCCEEDED]];

/** FINISH is no success, and codes are numbers, texts or missing: all of it for every type that is one task. */
const TASK: readonly Case[] = [
  ["that finished well", { Status: "FINISH", ErrCode: 0, Message: "SUCCESS" }, SUCCEEDED],
  ["that finished well, in a text", { Status: "FINISH", ErrCodeExt: "", Message: "SUCCESS" }, SUCCEEDED],
  [
    "that finished badly, by a number",
    { Status: "FINISH", ErrCode: 30_000, Message: "no such file" },
    failed("30000", "no such file"),
  ],
  ["that finished badly, by a text of digits", { Status: "FINISH", ErrCode: "70000" }, failed("70000")],
  [
    "that finished badly, by both codes",
    { Status: "FINISH", ErrCodeExt: "SourceFileError", ErrCode: 40_000, Message: "broken file" },
    failed("SourceFileError", "broken file"),
  ],
  ["of the other words", { Status: "SUCCESS", ErrCode: 0 }, SUCCEEDED],
  ["that failed without a code", { Status: "FAIL", Message: "who knows" }, failed("FAIL", "who knows")],
  ["with a word that nobody knows", { Status: "ABANDONED", ErrCode: 0 }, failed("ABANDONED")],
  ["that is under way", { Status: "PROCESSING", ErrCode: 0, ErrCodeExt: "" }, IN_PROGRESS],
  ["that waits", { Status: "WAITING" }, IN_PROGRESS],
  ["without a status, and a good code", { ErrCode: 0, Message: "SUCCESS" }, SUCCEEDED],
  ["without a status, and a bad code", { ErrCode: 1, Message: "sorry" }, failed("1", "sorry")],
  ["that says nothing", { TaskId: "1500000001-Task-1" }, NOTHING_SAID],
  ["whose status is null", { Status: null, ErrCode: null, ErrCodeExt: null }, NOTHING_SAID],
];

const DONE = { Status: "SUCCESS", ErrCodeExt: "", ErrCode: 0, Message: "SUCCESS" };
const BROKEN = { Status: "FAIL", ErrCodeExt: "BadMedia", ErrCode: 60_000, Message: "no picture in it" };
const WORKING = { Status: "PROCESSING", ErrCodeExt: "", ErrCode: 0, Message: "", Progress: 40 };

const transcoded = (task: object) => ({ Type: "Transcode", TranscodeTask: task, SampleSnapshotTask: null });
const covered = (task: object) => ({ Type: "CoverBySnapshot", CoverBySnapshotTask: task });
const TRANSCODE = "MediaProcessResultSet[0].TranscodeTask";
const COVER = "MediaProcessResultSet[1].CoverBySnapshotTask";
const COVER_FAULT = "CoverBySnapshot: BadMedia: no picture in it";

const PROCEDURE: readonly Case[] = [
  [
    "all of whose results are good",
    { Status: "FINISH", ErrCode: 0, MediaProcessResultSet: [transcoded(DONE), covered(DONE)] },
    inParts("succeeded", [good(TRANSCODE, "Transcode"), good(COVER, "CoverBySnapshot")]),
  ],
  [
    "one of whose results is bad",
    { Status: "FINISH", ErrCode: 0, MediaProcessResultSet: [transcoded(DONE), covered(BROKEN)] },
    inParts(
      "partly",
      [good(TRANSCODE, "Transcode"), bad(COVER, "CoverBySnapshot", "BadMedia", "no picture in it")],
      COVER_FAULT,
    ),
  ],
  [
    "none of whose results is good",
    { Status: "FINISH", MediaProcessResultSet: [transcoded({ Status: "FAIL", ErrCode: 7 })] },
    inParts("failed", [bad(TRANSCODE, "Transcode", "7")], "Transcode: 7"),
  ],
  [
    "that goes on, though one of its results is bad already",
    { Status: "PROCESSING", MediaProcessResultSet: [transcoded(WORKING), covered(BROKEN)] },
    inParts("in-progress", [
      underWay(TRANSCODE, "Transcode"),
      bad(COVER, "CoverBySnapshot", "BadMedia", "no picture in it"),
    ]),
  ],
  [
    "that says FINISH over a result that is under way",
    { Status: "FINISH", MediaProcessResultSet: [transcoded(WORKING), covered(DONE)] },
    inParts("in-progress", [underWay(TRANSCODE, "Transcode"), good(COVER, "CoverBySnapshot")]),
  ],
  [
    "that says FINISH over a result that is under way, and a bad one",
    { Status: "FINISH", MediaProcessResultSet: [transcoded(WORKING), covered(BROKEN)] },
    inParts(
      "partly",
      [underWay(TRANSCODE, "Transcode"), bad(COVER, "CoverBySnapshot", "BadMedia", "no picture in it")],
      COVER_FAULT,
    ),
  ],
  [
    "whose own code, which is deprecated, is bad beside good results",
    { Status: "FINISH", ErrCode: 5, Message: "old", MediaProcessResultSet: [transcoded(DONE)] },
    inParts("succeeded", [good(TRANSCODE, "Transcode")]),
  ],
  [
    "whose own code is all there is",
    { Status: "FINISH", ErrCode: 5, Message: "no such file", MediaProcessResultSet: [] },
    failed("5", "no such file"),
  ],
  ["without results", { Status: "FINISH", ErrCode: 0, MediaProcessResultSet: null }, SUCCEEDED],
];

/** Reviews, analyses and recognitions: a verdict such as "block" is a result, and no failure. */
const OPINIONS: readonly Case[] = [
  [
    "with results of every kind",
    {
      Status: "FINISH",
      MediaProcessResultSet: [{ Type: "ImageSprites", ImageSpriteTask: DONE }],
      AiContentReviewResultSet: [
        { Type: "Porn.Asr", PornAsrTask: { ...DONE, Output: { Suggestion: "block" } } },
        { Type: "Political.Ocr", PoliticalOcrTask: BROKEN },
      ],
      AiAnalysisResultSet: [{ Type: "Cover", CoverTask: { Status: "SUCCESS", ErrCode: 0 } }],
      AiRecognitionResultSet: [{ Type: "FaceRecognition", FaceTask: { Status: "FAIL", ErrCode: 1_000 } }],
    },
    inParts(
      "partly",
      [
        good("MediaProcessResultSet[0].ImageSpriteTask", "ImageSprites"),
        good("AiContentReviewResultSet[0].PornAsrTask", "Porn.Asr"),
        bad("AiContentReviewResultSet[1].PoliticalOcrTask", "Political.Ocr", "BadMedia", "no picture in it"),
        good("AiAnalysisResultSet[0].CoverTask", "Cover"),
        bad("AiRecognitionResultSet[0].FaceTask", "FaceRecognition", "1000"),
      ],
      "Political.Ocr: BadMedia: no picture in it; FaceRecognition: 1000",
    ),
  ],
];

const file = (code: unknown, message: string) => ({ ErrCode: code, Message: message, FileId: "52858907" });

export const TENCENT_VOD = {
  NewFileUpload: HAPPENED,
  FileDeleted: HAPPENED,
  PersistenceComplete: HAPPENED,
  RestoreMediaComplete: [...HAPPENED, ["whose deprecated status is no 0", { Status: 3, Message: "x" }, SUCCEEDED]],
  MediaCastStatusChanged: [
    ["that works", { Status: "Working" }, IN_PROGRESS],
    ["that will start", { Status: "Scheduled" }, IN_PROGRESS],
    ["that stopped", { Status: "Stopped" }, SUCCEEDED],
    ["that is idle", { Status: "Idle" }, SUCCEEDED],
    ["that says nothing", { CastId: "c" }, NOTHING_SAID],
  ],
  PullComplete: TASK,
  EditMediaComplete: TASK,
  SplitMediaComplete: TASK,
  ComposeMediaComplete: TASK,
  RemoveWatermark: TASK,
  RebuildMediaComplete: TASK,
  QualityEnhanceComplete: TASK,
  TranscodeComplete: TASK,
  CreateImageSpriteComplete: TASK,
  DescribeFileAttributesComplete: TASK,
  ReviewAudioVideoComplete: [
    ...TASK,
    ["that blocks", { Status: "FINISH", ErrCodeExt: "", Output: { Suggestion: "block" } }, SUCCEEDED],
  ],
  QualityInspectComplete: TASK,
  ExtractTraceWatermarkComplete: TASK,
  ExtractCopyRightWatermarkComplete: TASK,
  ExtractBlindWatermarkComplete: [
    ...TASK,
    ["that found none", { Status: "FINISH", ErrCode: 0, IsDetected: false }, SUCCEEDED],
  ],
  AigcImageTaskComplete: TASK,
  AigcVideoTaskComplete: TASK,
  SceneAigcImageComplete: TASK,
  SceneAigcImageCompleteEvent: TASK,
  ProcessImageAsyncComplete: TASK,
  ProcessImageAsyncCompleteEvent: TASK,
  CreateAigcAdvancedCustomElementComplete: TASK,
  CreateAigcAdvancedCustomElementCompleteEvent: TASK,
  CreateAigcCustomVoiceComplete: TASK,
  CreateAigcCustomVoiceCompleteEvent: TASK,
  DescribeAigcFaceInfoAsyncComplete: TASK,
  WechatPublishComplete: [
    ...TASK,
    ["that was accepted", { Status: "FINISH", ErrCode: 0, WechatStatus: "SUCCESS" }, SUCCEEDED],
    [
      "that was refused",
      { Status: "FINISH", ErrCode: 0, Message: "SUCCESS", WechatStatus: "AUDITNOTPASS" },
      failed("AUDITNOTPASS"),
    ],
    ["that failed there", { Status: "FINISH", WechatStatus: "FAIL" }, failed("FAIL")],
    ["that was never sent", { Status: "FINISH", ErrCode: 0, WechatStatus: "NOTTRIGGERED" }, failed("NOTTRIGGERED")],
    ["that is not sent yet", { Status: "PROCESSING", WechatStatus: "NOTTRIGGERED" }, IN_PROGRESS],
    [
      "that failed before",
      { Status: "FINISH", ErrCode: 9, Message: "no", WechatStatus: "NOTTRIGGERED" },
      failed("9", "no"),
    ],
  ],
  WechatMiniProgramPublishComplete: [
    ...TASK,
    ["that passed", { Status: "FINISH", ErrCode: 0, PublishResult: "Pass" }, SUCCEEDED],
    ["that failed", { Status: "FINISH", ErrCode: 0, PublishResult: "Failed" }, failed("Failed")],
    ["that was rejected, without a status", { PublishResult: "Rejected" }, failed("Rejected")],
  ],
  ProcedureStateChanged: [...PROCEDURE, ...OPINIONS],
  ReduceMediaBitrateComplete: PROCEDURE,
  ComplexAdaptiveDynamicStreamingComplete: [
    [
      "of two streams, one bad",
      {
        Status: "FINISH",
        ComplexAdaptiveDynamicStreamingTaskResultSet: [DONE, { Status: "FAIL", ErrCodeExt: "DrmError" }],
      },
      inParts(
        "partly",
        [
          good("ComplexAdaptiveDynamicStreamingTaskResultSet[0]"),
          bad("ComplexAdaptiveDynamicStreamingTaskResultSet[1]", undefined, "DrmError"),
        ],
        "ComplexAdaptiveDynamicStreamingTaskResultSet[1]: DrmError",
      ),
    ],
    ["that is under way", { Status: "PROCESSING" }, IN_PROGRESS],
  ],
  ProcessMediaByMPSComplete: [
    ...TASK,
    [
      "whose parts have texts for codes",
      {
        Status: "FINISH",
        ErrCode: 0,
        SubTaskSet: [
          { TaskType: "AiAnalysis.DeLogo", Status: "SUCCESS", ErrCode: "", Message: "" },
          { TaskType: "SmartErase", Status: "FAIL", ErrCode: "InternalError", Message: "try again" },
        ],
      },
      inParts(
        "partly",
        [good("SubTaskSet[0]", "AiAnalysis.DeLogo"), bad("SubTaskSet[1]", "SmartErase", "InternalError", "try again")],
        "SmartErase: InternalError: try again",
      ),
    ],
    [
      "that failed as a whole beside a good part",
      { Status: "FINISH", ErrCode: 2, Message: "late", SubTaskSet: [{ Status: "SUCCESS", ErrCode: "" }] },
      { state: "partly", code: "2", message: "late", parts: [good("SubTaskSet[0]")], fault: "2: late" },
    ],
  ],
  ConcatComplete: [
    [
      "of two files, one bad",
      { FileInfoSet: [file(0, ""), file(70_000, "no room")] },
      inParts(
        "partly",
        [good("FileInfoSet[0]"), bad("FileInfoSet[1]", undefined, "70000", "no room")],
        "FileInfoSet[1]: 70000: no room",
      ),
    ],
    ["of one file", { FileInfoSet: [file(0, "")] }, inParts("succeeded", [good("FileInfoSet[0]")])],
    ["that lists none", { TaskId: "t", FileInfoSet: [] }, NOTHING_SAID],
  ],
  ClipComplete: [
    ["that is good", { FileInfo: file(0, "") }, SUCCEEDED],
    ["that is bad", { FileInfo: file(40_000, "bad offset") }, failed("40000", "bad offset")],
    ["without a file", { TaskId: "t" }, NOTHING_SAID],
  ],
  CreateSnapshotByTimeOffsetComplete: [
    [
      "of three pictures, one without a code",
      { SnapshotInfoSet: [{ ErrCode: 0 }, { ErrCode: 3 }, { TimeOffset: 1 }] },
      inParts(
        "partly",
        [good("SnapshotInfoSet[0]"), bad("SnapshotInfoSet[1]", undefined, "3")],
        "SnapshotInfoSet[1]: 3",
      ),
    ],
  ],
} as const satisfies Record<EventType, readonly Case[]>;
