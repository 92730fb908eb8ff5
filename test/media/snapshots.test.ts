import { anything, assert, constantFrom, dictionary, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { createHandlers } from "../../src/core/handlers.ts";
import type { JsonObject } from "../../src/core/event.ts";
import { onSnapshots, snapshotsOf } from "../../src/media/snapshots.ts";
import { COVERS_TAKEN } from "../vendors/alibaba-vod/fixtures.ts";
import { contextOf } from "./context.ts";

describe("the pictures in events of Tencent VOD", () => {
  test("are those of chosen points in time, each with its own outcome", () => {
    const body = {
      EventType: "CreateSnapshotByTimeOffsetComplete",
      SnapshotByTimeOffsetCompleteEvent: {
        TaskId: "CreateSnapshotByTimeOffset-1",
        FileId: "14508071098244929440",
        Definition: 10,
        SnapshotInfoSet: [
          { ErrCode: 0, TimeOffset: 10_000, Url: "http://v.example.com/1.png" },
          { ErrCode: 40_000, TimeOffset: 20_000 },
          { ErrCode: 0, TimeOffset: 30_000, Url: "" },
        ],
      },
    };

    expect(tencent(body)).toEqual({
      vendor: "tencent-vod",
      taskId: "CreateSnapshotByTimeOffset-1",
      fileId: "14508071098244929440",
      items: [
        { index: 0, ok: true, url: "http://v.example.com/1.png", offsetMs: 10_000 },
        { index: 1, ok: false, error: "40000", offsetMs: 20_000 },
        { index: 2, ok: false, error: "it has no address", offsetMs: 30_000 },
      ],
    });
  });

  test("are sprite sheets, or one failed item", () => {
    const sprites = { TaskId: "t", FileId: "f", ErrCode: 0, ImageSpriteUrlSet: ["http://v/1.png", "http://v/2.png"] };
    expect(tencent(spritesEvent(sprites))?.items).toMatchObject([{ ok: true }, { ok: true, url: "http://v/2.png" }]);
    expect(tencent(spritesEvent({ ErrCode: 70_000, Message: "internal" }))?.items).toEqual([
      { index: 0, ok: false, error: "70000: internal" },
    ]);
    expect(tencent({ EventType: "CreateImageSpriteComplete" })).toBeUndefined();
  });

  test("are among a procedure's results", () => {
    const done = { Status: "SUCCESS", ErrCode: 0, ErrCodeExt: "", Message: "SUCCESS" };
    const MediaProcessResultSet = [
      { Type: "Transcode", TranscodeTask: { ...done, Output: { Url: "http://v/a.mp4" } }, CoverBySnapshotTask: null },
      {
        Type: "CoverBySnapshot",
        TranscodeTask: null,
        CoverBySnapshotTask: { ...done, Output: { CoverUrl: "http://v/c.jpg" } },
      },
      { Type: "SampleSnapshot", SampleSnapshotTask: { ...done, Output: { ImageUrlSet: ["http://v/s.jpg"] } } },
      {
        Type: "SnapshotByTimeOffset",
        SnapshotByTimeOffsetTask: { ...done, Output: { PicInfoSet: [{ TimeOffset: 5, Url: "http://v/t.jpg" }] } },
      },
      { Type: "ImageSprites", ImageSpriteTask: { Status: "FAIL", ErrCodeExt: "SourceFileError", Message: "bad" } },
      { Type: "SampleSnapshot", SampleSnapshotTask: { Status: "PROCESSING" } },
    ];
    const body = { EventType: "ProcedureStateChanged", ProcedureStateChangeEvent: { MediaProcessResultSet } };

    expect(tencent(body)?.items).toEqual([
      { index: 0, kind: "CoverBySnapshot", ok: true, url: "http://v/c.jpg" },
      { index: 1, kind: "SampleSnapshot", ok: true, url: "http://v/s.jpg" },
      { index: 2, kind: "SnapshotByTimeOffset", ok: true, url: "http://v/t.jpg", offsetMs: 5 },
      { index: 3, kind: "ImageSprites", ok: false, error: "SourceFileError: bad" },
    ]);
  });

  test("are not found in a procedure without pictures", () => {
    const body = { EventType: "ProcedureStateChanged", ProcedureStateChangeEvent: { MediaProcessResultSet: null } };

    expect(tencent(body)).toBeUndefined();
  });
});

describe("the pictures in events of ZEGOCLOUD", () => {
  const list = [
    { url: "http://abc.example.com/1.jpg", offset: 0 },
    { url: "http://abc.example.com/2.jpg", offset: 1000.5 },
    { url: "http://abc.example.com/3.jpg" },
    { offset: 3000 },
  ];

  test.each([
    ["a text", JSON.stringify(list)],
    ["a list", list],
  ])("are in %s", (_, snapshot_pic_list) => {
    expect(zego({ task_id: "1253", field_id: "abcw", vendor: "tencent", snapshot_pic_list })).toEqual({
      vendor: "zegocloud",
      taskId: "1253",
      fileId: "abcw",
      items: [
        { index: 0, ok: true, url: "http://abc.example.com/1.jpg", offsetMs: 0 },
        { index: 1, ok: true, url: "http://abc.example.com/2.jpg", offsetMs: 1000.5 },
        { index: 2, ok: true, url: "http://abc.example.com/3.jpg" },
        { index: 3, ok: false, error: "it has no address", offsetMs: 3000 },
      ],
    });
  });

  test.each(["[{", "{}", "", undefined, 7])("are not found in %j", (snapshot_pic_list) => {
    expect(zego({ snapshot_pic_list })).toBeUndefined();
  });
});

test("looking for pictures in any event finds some or none, and never throws", () => {
  const types = [
    "CreateSnapshotByTimeOffsetComplete",
    "ProcedureStateChanged",
    "SnapshotComplete",
    "snapshot",
    "constructor",
  ];
  const keys = constantFrom("SnapshotInfoSet", "SnapshotInfos", "SnapshotCount", "snapshot_pic_list", "Status", "Url");
  assert(
    property(
      constantFrom("tencent-vod", "alibaba-vod", "zegocloud", "constructor"),
      constantFrom(...types),
      dictionary(keys, anything({ maxDepth: 4, key: keys })),
      string(),
      (vendor, type, content, field) => {
        const body = { ...content, SnapshotByTimeOffsetCompleteEvent: content, [field]: content };
        for (const { ok, url } of snapshotsOf({ vendor, type, body })?.items ?? [])
          expect(!ok || url !== undefined).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test("one handler with its options gets the pictures of every vendor", async () => {
  const seen: string[] = [];
  const handlers = onSnapshots(({ vendor, items }) => void seen.push(`${vendor} ${items[0]?.url}`), {
    attempts: 3,
    baseUrl: "https://cdn.example.com",
  });
  const registry = createHandlers(handlers, { attempts: 1, backoffMs: 1, timeoutMs: 1 });
  const contexts = [
    contextOf("tencent-vod", "CreateSnapshotByTimeOffsetComplete", {
      SnapshotByTimeOffsetCompleteEvent: { SnapshotInfoSet: [{ Url: "http://v/1.png" }] },
    }),
    contextOf("alibaba-vod", "SnapshotComplete", COVERS_TAKEN),
    contextOf("zegocloud", "snapshot", { snapshot_pic_list: '[{"url":"http://z/1.jpg"}]' }),
  ];

  for (const context of contexts) {
    const handler = registry.find(context.event);
    expect(handler?.attempts).toBe(3);
    await handler?.run(context);
  }

  expect(seen).toEqual([
    "tencent-vod http://v/1.png",
    "alibaba-vod https://cdn.example.com/2327a6ec/covers/990f-00001.jpg",
    "zegocloud http://z/1.jpg",
  ]);
  expect(handlers.every((handler) => !("baseUrl" in handler))).toBe(true);
});

test("an event whose pictures cannot be found is parked", () => {
  const handler = onSnapshots(() => {}).find(({ vendor }) => vendor === "zegocloud");

  expect(() => handler?.run(contextOf("zegocloud", "snapshot", {}))).toThrow("there are no pictures in snapshot");
});

function spritesEvent(content: object): JsonObject {
  return { EventType: "CreateImageSpriteComplete", CreateImageSpriteCompleteEvent: content };
}

function tencent(body: JsonObject) {
  return snapshotsOf({ vendor: "tencent-vod", type: String(body["EventType"]), body });
}

function zego(body: JsonObject) {
  return snapshotsOf({ vendor: "zegocloud", type: "snapshot", body });
}
