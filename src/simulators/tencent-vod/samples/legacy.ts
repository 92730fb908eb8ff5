/** Tasks of the API of 2017, which old accounts still get. */
import { sample, type Sample, url } from "./making.ts";

const GOOD = { ErrCode: 0, Message: "SUCCESS" };

export const LEGACY_SAMPLES: Readonly<Record<string, Sample>> = {
  TranscodeComplete: sample("TranscodeCompleteEvent", (ids) => ({
    TaskId: ids.task("Transcode"),
    ...GOOD,
    FileId: ids.file(),
    FileName: "summer holidays",
    Duration: 599,
    CoverUrl: url(ids, "cover.jpg"),
    PlayInfoSet: [
      { Url: url(ids, "f0.mp4"), Definition: 0, Bitrate: 246_000, Height: 480, Width: 640 },
      { Url: url(ids, "f30.mp4"), Definition: 30, Bitrate: 899_976, Height: 960, Width: 1280 },
    ],
  })),
  ConcatComplete: sample("ConcatCompleteEvent", (ids) => ({
    TaskId: ids.task("Concat"),
    FileInfoSet: [
      { ...GOOD, FileId: ids.file(), FileUrl: url(ids, "playlist.f6.m3u8"), FileType: "m3u8" },
      { ...GOOD, FileId: ids.file(), FileUrl: url(ids, "f0.mp4"), FileType: "mp4" },
    ],
  })),
  ClipComplete: sample("ClipCompleteEvent", (ids) => ({
    TaskId: ids.task("ClipVideo"),
    SrcFileId: ids.file(),
    FileInfo: { ...GOOD, FileId: ids.file(), FileUrl: url(ids, "f0.mp4"), FileType: "mp4" },
  })),
  CreateImageSpriteComplete: sample("CreateImageSpriteCompleteEvent", (ids) => ({
    TaskId: ids.task("CreateImageSprite"),
    ...GOOD,
    FileId: ids.file(),
    Definition: 10,
    TotalCount: 106,
    ImageSpriteUrlSet: [url(ids, "sprite_1.jpg"), url(ids, "sprite_2.jpg")],
    WebVttUrl: url(ids, "sprite.vtt"),
  })),
  CreateSnapshotByTimeOffsetComplete: sample("SnapshotByTimeOffsetCompleteEvent", (ids) => ({
    TaskId: ids.task("SnapshotByTimeOffset"),
    FileId: ids.file(),
    Definition: 10,
    SnapshotInfoSet: [10_000, 20_000].map((offset) => ({
      ErrCode: 0,
      TimeOffset: offset,
      Url: url(ids, `snapshot_${offset}.jpg`),
    })),
  })),
};
