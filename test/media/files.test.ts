import { anything, assert, constantFrom, dictionary, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { createHandlers } from "../../src/core/handlers.ts";
import type { JsonObject } from "../../src/core/event.ts";
import { mediaOf, onMedia } from "../../src/media/files.ts";
import { onSnapshots } from "../../src/media/snapshots.ts";
import { IMAGE_MADE, SNAPSHOTS_TAKEN, STREAM_TRANSCODED, TRANSCODED } from "../vendors/alibaba-vod/fixtures.ts";
import { contextOf } from "./context.ts";

const MP4 = "http://v.example.com/f0.mp4";

describe("the files in events of Alibaba Cloud VOD", () => {
  test("are the streams of a video, each with its own outcome", () => {
    expect(alibaba(TRANSCODED)).toEqual({
      vendor: "alibaba-vod",
      kind: "transcode",
      taskId: undefined,
      fileId: "43a9fjsh73f00004",
      items: [
        { index: 0, kind: "LD", ok: true, url: "http://video.example.com/62cb/ld.mp4", container: "mp4" },
        { index: 1, kind: "SD", ok: false, error: "Bad.Stream: no picture in it" },
      ],
    });
    expect(alibaba({ EventType: "TranscodeComplete", Status: "fail", ErrorCode: "Bad" })?.items).toEqual([
      { index: 0, ok: false, error: "Bad" },
    ]);
  });

  test("are the one transcoded stream, and the image", () => {
    expect(alibaba(STREAM_TRANSCODED)).toMatchObject({ taskId: "job-3", items: [{ ok: true, kind: "LD" }] });
    expect(alibaba(IMAGE_MADE)).toMatchObject({ kind: "image", items: [{ ok: true, container: "gif" }] });
  });

  test.each([
    ["ProduceMediaComplete", "MediaId", "compose"],
    ["AddLiveRecordVideoComplete", "VideoId", "record"],
  ])("have an id but no URL in %s", (EventType, key, kind) => {
    expect(alibaba({ EventType, Status: "success", [key]: "v1" })).toMatchObject({
      kind,
      fileId: "v1",
      items: [{ ok: true, fileId: "v1" }],
    });
    expect(alibaba({ EventType, Status: "fail", [key]: "v1", ErrorMessage: "sorry" })?.items).toMatchObject([
      { ok: false, error: "sorry" },
    ]);
    expect(alibaba({ EventType, Status: "success" })?.items).toEqual([
      { index: 0, ok: false, error: "it has neither address nor id" },
    ]);
  });

  test("are not found in an event about pictures", () => {
    expect(alibaba(SNAPSHOTS_TAKEN)).toBeUndefined();
  });
});

describe("the files in events of ZEGOCLOUD", () => {
  test("are a recording, in one of its formats", () => {
    const extra_params = '{"TaskId":"t1","FileID":5285890784246869930,"Duration":12.5}';

    expect(zego("record", { replay_url: MP4, stream_alias: "aaaa", extra_params })).toEqual({
      vendor: "zegocloud",
      kind: "record",
      taskId: "t1",
      fileId: "5285890784246869930",
      items: [{ index: 0, ok: true, url: MP4, fileId: "5285890784246869930", container: "mp4" }],
    });
    expect(zego("record", { replay_url: MP4, extra_params: "extra_params" })?.items).toMatchObject([{ ok: true }]);
  });

  test("are the merged file", () => {
    expect(zego("compose", { task_id: "t", code: "0", replay_url: MP4, file_id: "f" })).toMatchObject({
      kind: "compose",
      items: [{ ok: true, url: MP4, fileId: "f" }],
    });
    expect(zego("compose", { code: 1, message: "bad" })?.items).toEqual([{ index: 0, ok: false, error: "1: bad" }]);
  });

  test.each(["file_id", "fileId"])("are the transcoded files of the %s, each with its own outcome", (key) => {
    const transcode = [
      { code: "0", replay_url: MP4 },
      { code: "3", message: "bad" },
    ];
    const body = {
      task_id: "t",
      status: "SUCCESS",
      [key]: "3270835010897125368",
      extra_params: { media: { transcode } },
    };
    const expected = {
      kind: "transcode",
      fileId: "3270835010897125368",
      items: [{ ok: true }, { ok: false, error: "3: bad" }],
    };

    expect(zego("procedure", body)).toMatchObject(expected);
    expect(zego("procedure", { ...body, extra_params: JSON.stringify(body.extra_params) })).toMatchObject(expected);
  });

  test("are one failed item if all failed", () => {
    expect(zego("procedure", { status: "FAILED", extra_params: "" })?.items).toEqual([
      { index: 0, ok: false, error: "FAILED" },
    ]);
  });
});

test("looking for files in any event finds some or none, and never throws", () => {
  const keys = constantFrom(
    "FileInfoSet",
    "StreamInfos",
    "Output",
    "FileInfo",
    "extra_params",
    "Status",
    "FileUrl",
    "code",
  );
  const types = [
    "ConcatComplete",
    "ClipComplete",
    "TranscodeComplete",
    "procedure",
    "record",
    "compose",
    "constructor",
  ];
  assert(
    property(
      constantFrom("tencent-vod", "alibaba-vod", "zegocloud", "constructor"),
      constantFrom(...types),
      dictionary(keys, anything({ maxDepth: 4, key: keys })),
      (vendor, type, content) => {
        const body = { ...content, ConcatCompleteEvent: content };
        for (const item of mediaOf({ vendor, type, body })?.items ?? [])
          expect(item.ok || item.error !== "").toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test("one handler gets the files of every vendor, and can be used beside the one for pictures", async () => {
  const seen: unknown[] = [];
  const handlers = [
    ...onMedia(({ kind }, { event }) => void seen.push([event.vendor, kind])),
    ...onSnapshots(() => {}),
  ];
  const registry = createHandlers(handlers, { attempts: 1, backoffMs: 1, timeoutMs: 1 });
  const contexts = [
    contextOf("tencent-vod", "ConcatComplete", { ConcatCompleteEvent: {} }),
    contextOf("alibaba-vod", "TranscodeComplete", TRANSCODED),
    contextOf("zegocloud", "record", { replay_url: MP4 }),
  ];

  for (const context of contexts) await registry.find(context.event)?.run(context);

  expect(seen).toEqual([
    ["tencent-vod", "concat"],
    ["alibaba-vod", "transcode"],
    ["zegocloud", "record"],
  ]);
});

test("an event whose files cannot be found is parked", () => {
  const handler = onMedia(() => {}).find(({ type }) => type === "ConcatComplete");

  expect(() => handler?.run(contextOf("tencent-vod", "ConcatComplete", {}))).toThrow(
    "there are no files in ConcatComplete",
  );
});

function alibaba(body: JsonObject) {
  return mediaOf({ vendor: "alibaba-vod", type: String(body["EventType"]), body });
}

function zego(type: string, body: JsonObject) {
  return mediaOf({ vendor: "zegocloud", type, body });
}
