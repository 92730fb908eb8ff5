/** Parts of all samples: ids that never repeat, and the objects that many events share. */
import type {
  EventContent,
  MediaBasicInfo,
  MediaMetaData,
} from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";

/** The number every vendor URL and task of this made-up account carries. */
const APP_ID = "1500000001";

export type Ids = {
  /** 19 digits, beyond what a JavaScript number can hold. */
  file(): string;
  task(kind: string): string;
  /** A handle as the vendor makes them since 2026. */
  handle(): string;
  /** 0 (inclusive) to 1. */
  random(): number;
  hex(length: number): string;
};

export type Sample = { readonly field: keyof EventContent; readonly make: (ids: Ids) => unknown };

/** Ties the content to its field's type. */
export function sample<F extends keyof EventContent>(field: F, make: (ids: Ids) => EventContent[F]): Sample {
  return { field, make };
}

export function createIds(seed: number): Ids {
  const random = mulberry32(seed);
  const hex = (length: number): string =>
    Array.from({ length: Math.ceil(length / 8) }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    )
      .join("")
      .slice(0, length);
  const run = String(Math.floor(random() * 1e9)).padStart(9, "0");
  let made = 0;
  const next = (): number => (made += 1);
  return {
    file: () => `5${run}${String(next()).padStart(9, "0")}`,
    task: (kind) => `${APP_ID}-${kind}-${hex(16)}${next().toString(16).padStart(8, "0")}t1`,
    handle: () => `vod${hex(8)}___${run}_${Date.now()}_${next().toString(36)}`,
    random,
    hex,
  };
}

export const FINISHED = { Status: "FINISH", ErrCode: 0, Message: "SUCCESS" };
/** Newer types also send the code as text. "" means success. */
export const FINISHED_EXT = { ...FINISHED, ErrCodeExt: "" };
export const NO_SESSION = { SessionId: "", SessionContext: "" };

export function url(ids: Ids, name: string): string {
  return `https://${APP_ID}.vod2.myqcloud.com/${ids.hex(8)}vodcq${APP_ID}/${ids.hex(16)}/${name}`;
}

export function output(ids: Ids, type = "mp4") {
  return {
    FileType: type,
    FileId: ids.file(),
    FileUrl: url(ids, `f0.${type}`),
    MediaName: "summer holidays",
    ClassId: 0,
    ExpireTime: "9999-12-31T23:59:59Z",
  };
}

export function basicInfo(ids: Ids, fileId: string): MediaBasicInfo {
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  return {
    Name: "summer holidays",
    Description: "",
    CreateTime: now,
    UpdateTime: now,
    ExpireTime: "9999-12-31T23:59:59Z",
    ClassId: 0,
    ClassName: "其他",
    ClassPath: "其他",
    CoverUrl: "",
    Type: "mp4",
    MediaUrl: url(ids, "f0.mp4"),
    SourceInfo: { SourceType: "Upload", SourceContext: "" },
    StorageRegion: "ap-chongqing",
    TagSet: [],
    Vid: fileId,
    Category: "Video",
    Status: "Normal",
    StorageClass: "STANDARD",
  };
}

export function metaData(ids: Ids): MediaMetaData {
  const seconds = 10 + Math.floor(ids.random() * 600);
  return {
    Size: seconds * 160_000,
    Container: "mov,mp4,m4a,3gp,3g2,mj2",
    Bitrate: 1_280_000,
    Height: 720,
    Width: 1280,
    Duration: seconds,
    Rotate: 0,
    VideoStreamSet: [{ Bitrate: 1_152_000, Height: 720, Width: 1280, Codec: "h264", Fps: 25 }],
    AudioStreamSet: [{ Bitrate: 128_000, SamplingRate: 48_000, Codec: "aac" }],
    VideoDuration: seconds,
    AudioDuration: seconds - 0.021,
  };
}

/** A small and fast generator with equal results on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
