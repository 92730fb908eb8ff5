import type { EventType } from "../../../src/vendors/alibaba-vod/public.ts";
import { bad, type Case, failed, good, IN_PROGRESS, inParts, SUCCEEDED } from "./cases.ts";

/** Every type has its own words, some have none. */
const WORK: readonly Case[] = [
  ...["success", "Success", "Succeed", " success "].map((Status): Case => [`of ${Status}`, { Status }, SUCCEEDED]),
  [
    "that failed",
    { Status: "fail", ErrorCode: "InvalidFile", ErrorMessage: "no picture in it" },
    failed("InvalidFile", "no picture in it"),
  ],
  ["that failed without a code", { Status: "Failed" }, failed("Failed")],
  ["with a word that nobody knows", { Status: "odd" }, failed("odd")],
  ["without a status, and an error", { ErrorCode: "Forbidden" }, failed("Forbidden")],
  ["without a status", { VideoId: "43a9fjsh73f00004" }, SUCCEEDED],
  ["whose keys end in a blank", { "Status ": "fail", "ErrorCode ": "Late" }, failed("Late")],
  ["that is under way", { Status: "Processing" }, IN_PROGRESS],
];

/** Those of the AI products name their code otherwise. */
const AI: readonly Case[] = [
  ...WORK,
  ["with a good code", { Status: "success", Code: "0", Message: "OK" }, SUCCEEDED],
  [
    "with a bad code",
    { Status: "fail", Code: "JobFailed", Message: "file too long" },
    failed("JobFailed", "file too long"),
  ],
  ["with a code alone", { Code: "JobFailed" }, failed("JobFailed")],
  ["with a good code alone", { Code: "OK" }, SUCCEEDED],
];

const job = (fields: object) => JSON.stringify(fields);

export const ALIBABA_VOD = {
  FileUploadComplete: WORK,
  ImageUploadComplete: WORK,
  AttachedMediaUploadComplete: WORK,
  UploadByURLComplete: WORK,
  StreamTranscodeComplete: WORK,
  TranscodeComplete: [
    ...WORK,
    [
      "of two streams, one bad, which the vendor calls a success",
      {
        Status: "success",
        StreamInfos: [
          { Status: "success", Definition: "LD" },
          { Status: "fail", Definition: "SD", ErrorCode: "Bad", ErrorMessage: "no sound" },
        ],
      },
      inParts(
        "partly",
        [good("StreamInfos[0]", "LD"), bad("StreamInfos[1]", "SD", "Bad", "no sound")],
        "SD: Bad: no sound",
      ),
    ],
    [
      "of one bad stream",
      { Status: "fail", ErrorCode: "All", StreamInfos: [{ Status: "fail", Definition: "LD", ErrorCode: "Bad" }] },
      { state: "failed", code: "All", parts: [bad("StreamInfos[0]", "LD", "Bad")], fault: "All; LD: Bad" },
    ],
    [
      "of seven bad streams, whose fault stays readable",
      { Status: "success", StreamInfos: Array.from({ length: 7 }, () => ({ Status: "fail", ErrorCode: "Bad" })) },
      inParts(
        "failed",
        [0, 1, 2, 3, 4, 5, 6].map((index) => bad(`StreamInfos[${index}]`, undefined, "Bad")),
        `${[0, 1, 2, 3, 4].map((index) => `StreamInfos[${index}]: Bad`).join("; ")}; and 2 more`,
      ),
    ],
  ],
  SnapshotComplete: [
    ...WORK,
    [
      "without a status of its own",
      {
        SnapshotInfos: [
          { Status: "success", SnapshotType: "CoverSnapshot" },
          { Status: "fail", SnapshotType: "WebVttSnapshot" },
        ],
      },
      inParts(
        "partly",
        [good("SnapshotInfos[0]", "CoverSnapshot"), bad("SnapshotInfos[1]", "WebVttSnapshot", "fail")],
        "WebVttSnapshot: fail",
      ),
    ],
  ],
  DynamicImageComplete: [
    ...WORK,
    [
      "with JSON inside a text",
      { Status: "success", DynamicImageJobInfo: job({ Status: "success" }) },
      inParts("succeeded", [good("DynamicImageJobInfo")]),
    ],
    [
      "whose image failed",
      { Status: "success", DynamicImageJobInfo: job({ Status: "fail", ErrorCode: "Gif" }) },
      inParts("failed", [bad("DynamicImageJobInfo", undefined, "Gif")], "DynamicImageJobInfo: Gif"),
    ],
  ],
  AddLiveRecordVideoComplete: WORK,
  LiveRecordVideoComposeStart: WORK,
  VideoAnalysisComplete: WORK,
  CreateAuditComplete: [...WORK, ["that blocks", { Status: "success", AuditStatus: "Blocked" }, SUCCEEDED]],
  AIMediaAuditComplete: AI,
  AIMediaDNAComplete: AI,
  AIVideoTagComplete: AI,
  ProduceMediaComplete: WORK,
  DeleteMediaComplete: WORK,
  MediaBaseChangeComplete: WORK,
  UpdateMediaStorageClassComplete: WORK,
  RestoreMediaComplete: WORK,
  SubmitMediaRefreshComplete: WORK,
  WorkflowTaskComplete: [
    ...WORK,
    [
      "with an activity that failed",
      {
        Status: "Succeed",
        ActivityResults: job({ Transcode: { Status: "Succeed" }, Review: { Status: "Failed", ErrorCode: "Odd" } }),
      },
      inParts(
        "partly",
        [good("ActivityResults.Transcode", "Transcode"), bad("ActivityResults.Review", "Review", "Odd")],
        "Review: Odd",
      ),
    ],
  ],
} as const satisfies Record<EventType, readonly Case[]>;
