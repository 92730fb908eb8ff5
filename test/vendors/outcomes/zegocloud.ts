import type { EventType } from "../../../src/vendors/zegocloud/public.ts";
import { bad, type Case, failed, good, IN_PROGRESS, inParts, NOTHING_SAID, SUCCEEDED } from "./cases.ts";

const HAPPENED: readonly Case[] = [["that says who it is about", { room_id: "r", task_id: "t" }, SUCCEEDED]];

const MODERATED: readonly Case[] = [
  ["that is good", { Code: 0, Message: "success" }, SUCCEEDED],
  ["that rejects", { Code: "0", Detail: { RiskLevel: "REJECT" } }, SUCCEEDED],
  ["that failed", { Code: 9_101, Message: "no such stream" }, failed("9101", "no such stream")],
];
const MODERATION_STATUS: readonly Case[] = [
  ...MODERATED,
  ["that ended", { Code: 0, Status: 0 }, SUCCEEDED],
  ["that goes on", { Code: 0, Status: 1 }, IN_PROGRESS],
  ["that failed before it ended", { Code: 4, Status: 1 }, failed("4")],
];

const BROKEN: readonly Case[] = [
  ["that says why", { message: "no streams for too long" }, failed(undefined, "no streams for too long")],
  ["that does not say why", {}, failed()],
];

const TRANSCODED = "extra_params.media.transcode";
const outputs = [
  { code: "0", message: "SUCCESS" },
  { code: 70_000, message: "internal error" },
];
const partly = inParts(
  "partly",
  [good(`${TRANSCODED}[0]`), bad(`${TRANSCODED}[1]`, undefined, "70000", "internal error")],
  `${TRANSCODED}[1]: 70000: internal error`,
);

export const ZEGOCLOUD = {
  room_create: HAPPENED,
  room_close: HAPPENED,
  room_login: HAPPENED,
  room_logout: HAPPENED,
  stream_create: HAPPENED,
  stream_close: HAPPENED,
  mix_start: HAPPENED,
  mix_stop: HAPPENED,
  transcode_start: [
    ["that started", { Status: "TranscodeStarted" }, SUCCEEDED],
    ["without a status", { TaskId: "t" }, SUCCEEDED],
    ["with a word that nobody knows", { Status: "TranscodeAborted" }, failed("TranscodeAborted")],
  ],
  transcode_stop: [
    ["that stopped", { Status: "TranscodeStopped", StopReason: 0 }, SUCCEEDED],
    ["with a word that nobody knows", { Status: "TranscodeAborted" }, failed("TranscodeAborted")],
  ],
  censor_audio_v2_result: MODERATED,
  censor_audio_v2_status: MODERATION_STATUS,
  censor_video_v2_audio_result: MODERATED,
  censor_video_v2_img_result: MODERATED,
  censor_video_v2_audio_status: MODERATION_STATUS,
  censor_video_v2_img_status: MODERATION_STATUS,
  record: HAPPENED,
  snapshot: HAPPENED,
  compose: [
    ["that is good", { code: "0", message: "SUCCESS" }, SUCCEEDED],
    ["without a code, as one CDN has it", { replay_url: "https://r.example.com/a.mp4" }, SUCCEEDED],
    ["that is bad", { code: 60_000, message: "bad source" }, failed("60000", "bad source")],
  ],
  procedure: [
    ["that failed", { status: "FAILED", extra_params: "" }, failed("FAILED")],
    ["with one bad output", { status: "SUCCESS", extra_params: { media: { transcode: outputs } } }, partly],
    [
      "with JSON inside a text",
      { status: "SUCCESS", extra_params: JSON.stringify({ media: { transcode: outputs } }) },
      partly,
    ],
    ["whose text is no JSON", { status: "SUCCESS", extra_params: "extra_params" }, SUCCEEDED],
    ["without a status", { task_id: "t" }, NOTHING_SAID],
  ],
  "cloud_recording/1": [
    [
      "of files that are in their place",
      { detail: { upload_status: 1, file_info: [{ status: 3 }, { file_id: "f" }] } },
      inParts("succeeded", [good("detail.file_info[0]"), good("detail.file_info[1]")]),
    ],
    [
      "of files of which one is not",
      { detail: { upload_status: 2, file_info: [{ status: 3 }, { status: 5 }] } },
      inParts(
        "partly",
        [good("detail.file_info[0]"), bad("detail.file_info[1]", undefined, "5")],
        "detail.file_info[1]: 5",
      ),
    ],
    [
      "whose upload failed, and no file says it",
      { message: "not uploaded", detail: '{"upload_status":2,"file_info":[]}' },
      failed("2", "not uploaded"),
    ],
    ["with nothing to upload", { detail: { upload_status: 1, file_info: [] } }, SUCCEEDED],
  ],
  "cloud_recording/2": BROKEN,
  "cloud_recording/3": BROKEN,
  "cloud_recording/4": [["that waits for a stream", { detail: {} }, IN_PROGRESS]],
  "cloud_recording/5": HAPPENED,
  "cloud_recording/6": BROKEN,
  "cloud_recording/7": [["that is being uploaded", { detail: {} }, IN_PROGRESS]],
  "cloud_player/1": HAPPENED,
  "cloud_player/2": HAPPENED,
  "cloud_player/3": HAPPENED,
  "cloud_player/4": [
    ["that says why", { Detail: { Code: 3 } }, failed("3")],
    ["that does not say why", {}, failed()],
  ],
} as const satisfies Record<EventType, readonly Case[]>;
