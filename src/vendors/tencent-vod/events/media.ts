/** The files in Tencent VOD's events: what was transcoded, put together or cut. */
import { type Found, type Media, type MediaKind, toMediaFiles } from "../../parsing/results.ts";
import { isKey, objectIn, objectsIn, textIn } from "../../parsing/read-fields.ts";
import type { JsonObject } from "../../../core/event.ts";
import { payloadOf, VENDOR } from "./events.ts";
import { faultOf, isUnderWay, taskOf } from "./faults.ts";

type Reader = { readonly kind: MediaKind; readonly read: (content: JsonObject) => readonly Found[] };

const READERS = {
  ProcedureStateChanged: {
    kind: "procedure",
    read: (content) => (objectsIn(content, "MediaProcessResultSet") ?? []).flatMap(readResult),
  },
  TranscodeComplete: {
    kind: "transcode",
    read: unlessFailed((content) => {
      const fileId = textIn(content, "FileId");
      return (objectsIn(content, "PlayInfoSet") ?? []).map((info) => ({ url: textIn(info, "Url"), fileId }));
    }),
  },
  ComplexAdaptiveDynamicStreamingComplete: {
    kind: "transcode",
    read: (content) => (objectsIn(content, "ComplexAdaptiveDynamicStreamingTaskResultSet") ?? []).flatMap(readTask),
  },
  ConcatComplete: { kind: "concat", read: (content) => (objectsIn(content, "FileInfoSet") ?? []).map(readFile) },
  ClipComplete: { kind: "clip", read: (content) => [readFile(objectIn(content, "FileInfo"))] },
  EditMediaComplete: { kind: "edit", read: readTask },
  RemoveWatermark: { kind: "edit", read: readTask },
  RebuildMediaComplete: { kind: "edit", read: readTask },
  QualityEnhanceComplete: { kind: "edit", read: readTask },
  ComposeMediaComplete: { kind: "compose", read: readTask },
  SplitMediaComplete: {
    kind: "split",
    read: unlessFailed((content) =>
      (objectsIn(content, "FileInfoSet") ?? []).map((part) => {
        const output = objectIn(part, "Output");
        const info = objectIn(output, "MediaBasicInfo");
        return { fileId: textIn(output, "FileId"), url: textIn(info, "MediaUrl"), container: textIn(info, "Type") };
      }),
    ),
  },
} as const satisfies Record<string, Reader>;

/** The types that report files. */
export const MEDIA_TYPES: readonly string[] = Object.keys(READERS);

/** Undefined when the event is not about files, or lacks its content. */
export function mediaOf(type: string, body: JsonObject): Media | undefined {
  const payload = payloadOf(type, body);
  if (!isKey(READERS, type) || !payload) return undefined;
  const content: JsonObject = { ...payload };
  const { kind, read } = READERS[type];
  const taskId = textIn(content, "TaskId");
  const fileId = textIn(content, "FileId", "SrcFileId") ?? textIn(objectIn(content, "Input"), "FileId");
  return { vendor: VENDOR, kind, taskId, fileId, items: toMediaFiles(read(content)) };
}

/** The kinds of a procedure's results that are files. The other kinds are pictures or findings. */
const FILES = new Set(["Transcode", "AdaptiveDynamicStreaming", "AnimatedGraphics"]);

function readResult(result: JsonObject): readonly Found[] {
  const kind = textIn(result, "Type") ?? "";
  return FILES.has(kind) ? readTask(taskOf(result)).map((found) => Object.assign(found, { kind })) : [];
}

/** A task with one output. */
function readTask(task: JsonObject): readonly Found[] {
  return unlessFailed((done) => [readFile(objectIn(done, "Output"))])(task);
}

function unlessFailed(read: Reader["read"]): Reader["read"] {
  return (task) => {
    if (isUnderWay(task)) return [];
    const error = faultOf(task);
    return error === undefined ? read(task) : [{ error }];
  };
}

/** `Container` may list several formats that fit (`mov,mp4,m4a`). The ending of the address shows the actual one. */
function readFile(file: JsonObject): Found {
  const [fileId, url, container] = [textIn(file, "FileId"), textIn(file, "FileUrl", "Url"), textIn(file, "FileType")];
  return { fileId, url, container, error: faultOf(file) };
}
