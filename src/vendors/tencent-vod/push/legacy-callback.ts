/**
 * The callback that accounts opened before 2019 may still get: `{"version":"4.0","eventType":...,"data":{...}}`, which the
 * vendor calls 2.0. It reports the same things under other names. Here they get today's, so that a handler need not know.
 */
import { isObject, type JsonObject } from "../../../core/event.ts";
import { fieldOf } from "../events/event-types.ts";

/** The event in today's form; undefined when it is not in the old one. A field that today's form lacks keeps its place. */
export function fromLegacy({ eventType, data, ...others }: JsonObject): JsonObject | undefined {
  if (typeof eventType !== "string" || !isObject(data)) return undefined;
  const field = fieldOf(eventType) ?? `${eventType}Event`;
  if (Object.hasOwn(others, "EventType") || Object.hasOwn(others, field)) return undefined;
  const content = rename(data);
  const shape = Object.hasOwn(SHAPES, eventType) ? SHAPES[eventType] : undefined;
  return { ...others, EventType: eventType, [field]: shape?.(content) ?? content };
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
  FileDeleted(content) {
    const { FileInfoSet, ...rest } = content;
    const files: readonly unknown[] = Array.isArray(FileInfoSet) ? FileInfoSet : [];
    const FileIdSet = files.filter(isObject).flatMap(({ FileId }) => (typeof FileId === "string" ? [FileId] : []));
    // Whoever says more of a file than its id is not cut short.
    const isAll = FileIdSet.length === files.length && files.every((file) => isObject(file) && hasOneField(file));
    return { ...(isAll ? rest : content), FileIdSet };
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
function toResult(result: JsonObject): JsonObject {
  const { Type: kind, ...task } = result;
  return typeof kind === "string" ? { Type: kind, [`${SINGULAR.get(kind) ?? kind}Task`]: task } : result;
}

const SINGULAR = new Map([
  ["AnimatedGraphics", "AnimatedGraphic"],
  ["ImageSprites", "ImageSprite"],
]);

/** A name that another field of the object has keeps its spelling: neither may replace the other. */
function rename(object: JsonObject): JsonObject {
  const renamed = new Map<string, unknown>();
  for (const [key, value] of Object.entries(object)) {
    const name = newName(key, value);
    const isTaken = renamed.has(name) || Object.hasOwn(object, name);
    renamed.set(isTaken ? key : name, renameIn(value));
  }
  return Object.fromEntries(renamed);
}

function renameIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => renameIn(item));
  return isObject(value) ? rename(value) : value;
}

function hasOneField(object: JsonObject): boolean {
  return Object.keys(object).length === 1;
}

function newName(key: string, value: unknown): string {
  // A status in words is one today, too; a number was the error code.
  if (key === "status") return typeof value === "number" ? "ErrCode" : "Status";
  if (key === "fileInfo") return Array.isArray(value) ? "FileInfoSet" : "FileInfo";
  const known = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
  return known ?? key.charAt(0).toUpperCase() + key.slice(1);
}
