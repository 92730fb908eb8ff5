/**
 * The callback that accounts opened before 2019 may still get: `{"version":"4.0","eventType":...,"data":{...}}`, which the
 * vendor calls 2.0. It has the same content under other names. Here it gets today's names, so that handlers know only these.
 */
import { isObject, type JsonObject } from "../../../core/event.ts";
import { fieldOf } from "../events/event-types.ts";

/** The event in today's form. Undefined if it is not in the old form. A field that today's form lacks keeps its place. */
export function fromLegacy({ eventType, data, ...others }: JsonObject): JsonObject | undefined {
  if (typeof eventType !== "string" || !isObject(data)) return undefined;
  const field = fieldOf(eventType) ?? `${eventType}Event`;
  if (Object.hasOwn(others, "EventType") || Object.hasOwn(others, field)) return undefined;
  const content = rename(data);
  const shape = Object.hasOwn(SHAPES, eventType) ? SHAPES[eventType] : undefined;
  return { ...others, EventType: eventType, [field]: shape?.(content) ?? content };
}

/** Old names that differ from today's in more than the first letter. */
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

/** Content that today also has another structure. */
const SHAPES: Readonly<Record<string, (content: JsonObject) => JsonObject>> = {
  NewFileUpload({ FileName, CoverUrl, FileUrl, SourceType, SourceContext, ...rest }) {
    const SourceInfo = { SourceType, SourceContext };
    return { ...rest, MediaBasicInfo: { Name: FileName, CoverUrl, MediaUrl: FileUrl, SourceInfo } };
  },
  FileDeleted(content) {
    const { FileInfoSet, ...rest } = content;
    const files: readonly unknown[] = Array.isArray(FileInfoSet) ? FileInfoSet : [];
    const FileIdSet = files.filter(isObject).flatMap(({ FileId }) => (typeof FileId === "string" ? [FileId] : []));
    // If a file has more than its id, all of it is kept.
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

/** Today a result is below the name of its kind: `{ Type: "Transcode", TranscodeTask: { ... } }`. */
function toResult(result: JsonObject): JsonObject {
  const { Type: kind, ...task } = result;
  return typeof kind === "string" ? { Type: kind, [`${SINGULAR.get(kind) ?? kind}Task`]: task } : result;
}

const SINGULAR = new Map([
  ["AnimatedGraphics", "AnimatedGraphic"],
  ["ImageSprites", "ImageSprite"],
]);

/** If another field of the object already has the new name, the old name stays, so that neither is lost. */
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
  // A status in words is still a status today. A number was the error code.
  if (key === "status") return typeof value === "number" ? "ErrCode" : "Status";
  if (key === "fileInfo") return Array.isArray(value) ? "FileInfoSet" : "FileInfo";
  const known = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
  return known ?? key.charAt(0).toUpperCase() + key.slice(1);
}
