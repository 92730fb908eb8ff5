/**
 * The callback that accounts opened before 2019 may still get: `{"version":"4.0","eventType":...,"data":{...}}`, which the
 * vendor calls 2.0. It reports the same things under other names. Here they get today's, so that a handler need not know.
 */
import { isObject } from "../common/storable.ts";
import type { JsonObject } from "../../core/types.ts";
import { fieldOf } from "./event-types.ts";

/** The event in today's form; undefined when it is not in the old one. A field that today's form lacks keeps its place. */
export function fromLegacy({ eventType, data, ...others }: JsonObject): JsonObject | undefined {
  if (typeof eventType !== "string" || !isObject(data)) return undefined;
  const content = rename(data);
  const shape = Object.hasOwn(SHAPES, eventType) ? SHAPES[eventType] : undefined;
  return { ...others, EventType: eventType, [fieldOf(eventType) ?? `${eventType}Event`]: shape?.(content) ?? content };
}

/** The names that are more than today's with a small first letter. */
const NAMES: Readonly<Record<string, string>> = {
  vodTaskId: "TaskId",
  taskType: "Type",
  playSet: "PlayInfoSet",
  vbitrate: "Bitrate",
  vheight: "Height",
  vwidth: "Width",
  picInfo: "SnapshotInfoSet",
  imageSpriteUrl: "ImageSpriteUrlSet",
  videoStreamList: "VideoStreamSet",
  audioStreamList: "AudioStreamSet",
  processTaskList: "MediaProcessResultSet",
  contentReviewList: "AiContentReviewResultSet",
  aIAnalysisList: "AiAnalysisResultSet",
  imageUrls: "ImageUrlSet",
  urlList: "ImageUrlSet",
  imgInfo: "PicInfoSet",
  imageUrl: "CoverUrl",
};

/** What is also arranged in another way today. */
const SHAPES: Readonly<Record<string, (content: JsonObject) => JsonObject>> = {
  NewFileUpload({ FileName, CoverUrl, FileUrl, SourceType, SourceContext, ...rest }) {
    const SourceInfo = { SourceType, SourceContext };
    return { ...rest, MediaBasicInfo: { Name: FileName, CoverUrl, MediaUrl: FileUrl, SourceInfo } };
  },
  FileDeleted({ FileInfoSet, ...rest }) {
    const files: readonly unknown[] = Array.isArray(FileInfoSet) ? FileInfoSet : [];
    return { ...rest, FileIdSet: files.filter(isObject).map(({ FileId }) => FileId) };
  },
  ProcedureStateChanged: (content) =>
    Object.fromEntries(
      Object.entries(content).map(([key, value]) => {
        const isResults = key.endsWith("ResultSet") && Array.isArray(value);
        return [key, isResults ? value.map((item: unknown) => (isObject(item) ? toResult(item) : item)) : value];
      }),
    ),
};

/** Today a result stands under the name of its kind: `{ Type: "Transcode", TranscodeTask: { ... } }`. */
function toResult({ Type, ...task }: JsonObject): JsonObject {
  const kind = String(Type);
  return { Type, [`${SINGULAR[kind] ?? kind}Task`]: task };
}

const SINGULAR: Readonly<Record<string, string | undefined>> = {
  AnimatedGraphics: "AnimatedGraphic",
  ImageSprites: "ImageSprite",
};

function rename(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [newName(key, value), renameIn(value)]));
}

function renameIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => renameIn(item));
  return isObject(value) ? rename(value) : value;
}

function newName(key: string, value: unknown): string {
  // A status in words is one today, too; a number was the error code.
  if (key === "status") return typeof value === "number" ? "ErrCode" : "Status";
  if (key === "fileInfo") return Array.isArray(value) ? "FileInfoSet" : "FileInfo";
  const known = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
  return known ?? key.charAt(0).toUpperCase() + key.slice(1);
}
