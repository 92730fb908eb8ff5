/** The words beside the pointer, for those who write handlers and do not read Chinese. */
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { payloadOf } from "../../src/vendors/tencent-vod/events/events.ts";
import type { ListedType, SdkPayloadOf } from "../../src/vendors/tencent-vod/events/event-types.ts";
import type { Payloads } from "../../src/vendors/tencent-vod/events/payloads/payloads.ts";
import type { ReadPayloadOf } from "../../src/vendors/zegocloud/events/events.ts";
import type { Described } from "../../src/vendors/zegocloud/events/payloads/described.ts";
import { sample, types } from "../../src/testing/public.ts";
import { openInEditor } from "../support/language-server.ts";

/** By vendor: a type and a field of its payload, and how the field's description begins. */
const USED = {
  "tencent-vod": [
    ["NewFileUpload", "FileId", "The id of the media file"],
    ["NewFileUpload", "MediaBasicInfo?.MediaUrl", "The address of the original file"],
    ["NewFileUpload", "MetaData?.Duration", "In seconds"],
    ["NewFileUpload", "MetaData?.VideoStreamSet?.[0]?.Codec", "Such as `h264`"],
    ["ProcedureStateChanged", "Status", "`PROCESSING` or `FINISH`"],
    ["ProcedureStateChanged", "MediaProcessResultSet?.[0]?.TranscodeTask?.Status", "`PROCESSING`, `SUCCESS` or `FAIL`"],
    ["ProcedureStateChanged", "MediaProcessResultSet?.[0]?.TranscodeTask?.Output?.Url", "The address of the file"],
    ["ProcedureStateChanged", "AiContentReviewResultSet?.[0]?.PornTask?.Output?.Suggestion", "`pass`, `review`"],
    ["ConcatComplete", "TaskId", "The id that the call of the API returned"],
    ["ConcatComplete", "FileInfoSet?.[0]?.ErrCode", "0 for success"],
    ["ComposeMediaComplete", "Input?.Tracks?.[0]?.TrackItems?.[0]?.VideoItem?.SourceMedia", "The id of a file in VOD"],
    ["ReviewAudioVideoComplete", "Output?.SegmentSet?.[0]?.Form", "Where it was found"],
    ["AigcVideoTaskComplete", "Output?.FileInfos?.[0]?.StorageMode", "`Permanent` or `Temporary`"],
    ["EditMediaComplete", "Output?.FileUrl", "The address of the file"],
    ["ReviewAudioVideoComplete", "Output?.Suggestion", "`pass`, `review`"],
  ],
  "alibaba-vod": [
    ["FileUploadComplete", "VideoId", "The id of the video"],
    ["FileUploadComplete", "Extend", "What the user passed along"],
    ["TranscodeComplete", "ok", "The vendor's `Status`"],
    ["TranscodeComplete", "StreamInfos?.[0]?.FileUrl", "The address of the file"],
    ["SnapshotComplete", "SnapshotInfos?.[0]?.SnapshotType", "CoverSnapshot, NormalSnapshot"],
    ["CreateAuditComplete", "AuditStatus", "`Normal` or `Blocked`"],
  ],
  zegocloud: [
    ["record", "replay_url", "The address of the recording"],
    ["compose", "code", '"0" for success'],
    ["snapshot", "snapshot_pic_list", "The addresses of the pictures"],
    ["stream_create", "stream_id", "The stream, as your application names it"],
    ["room_logout", "logout_time", "UNIX ms"],
    ["mix_start", "hls_urls", "The addresses to play it at"],
    ["censor_audio_v2_result", "Detail?.RiskLevel", "`PASS`, `REVIEW`"],
    ["cloud_recording/1", "detail?.file_info?.[0]?.file_url", "The address of the recording"],
    ["cloud_player/4", "Detail?.Code", "The failure"],
  ],
  "aws-mediaconvert": [
    ["COMPLETE", "outputGroupDetails?.[0]?.outputDetails?.[0]?.outputFilePaths", "The `s3://` addresses"],
    ["COMPLETE", "userMetadata", "The pairs that you passed along"],
    ["ERROR", "errorMessage", "The failure in AWS's words"],
  ],
} as const;

const FIELDS = Object.entries(USED).flatMap(([vendor, fields]) => fields.map((field) => [vendor, ...field] as const));

/** Of Tencent, every field in the content of a sample. */
const SHOWN = types("tencent-vod").flatMap((type) =>
  Object.keys(payloadOf(type, sample("tencent-vod", type).body) ?? {}).map((field) => [type, field] as const),
);

let editor: Awaited<ReturnType<typeof openInEditor>>;

beforeAll(async () => {
  const lines = [...FIELDS, ...SHOWN.map((shown) => ["tencent-vod", ...shown] as const)].map(
    ([vendor, type, path]) =>
      `${nameOf(vendor)}(${JSON.stringify(type)}, async (event) => void event.${path}); // ${type}`,
  );
  const imports = Object.keys(USED).map(
    (vendor) => `import { on as ${nameOf(vendor)} } from "reliable-callback/${vendor}";`,
  );
  editor = await openInEditor([...imports, ...lines, ""].join("\n"));
});
afterAll(() => editor.close());

describe("an editor shows in English", () => {
  test.each(FIELDS)("%s %s: event.%s", async (_vendor, type, path, words) => {
    expect(await wordsOn(type, path)).toContain(words);
  });
});

test("an editor shows no Chinese description for any field of a sample's content", async () => {
  const chinese: string[] = [];
  for (const [type, field] of SHOWN)
    if (/\p{Script=Han}/u.test(await wordsOn(type, field))) chinese.push(`${type}.${field}`);

  expect(chinese).toEqual([]);
});

test("the described event types are those of the SDK and of the schemas", () => {
  expectTypeOf<Payloads>().toEqualTypeOf<{ [T in ListedType]: SdkPayloadOf<T> }>();
  expectTypeOf<Described>().toEqualTypeOf<{ [T in keyof Described]: ReadPayloadOf<T> }>();
  expect(types("tencent-vod")).toHaveLength(36);
});

/** Beside the pointer on the last name of the path. */
async function wordsOn(type: string, path: string): Promise<string> {
  const place = `event.${path}); // ${type}\n`;
  return await editor.hover(place, path.lastIndexOf(".") + 1 + "event.".length);
}

function nameOf(vendor: string): string {
  return vendor.replaceAll("-", "_");
}
