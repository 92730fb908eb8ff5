/** The pictures in Tencent VOD's events. */
import { type Found, type Snapshots, toSnapshots } from "../../parsing/results.ts";
import { numberIn, objectIn, objectsIn, textIn, textsIn } from "../../parsing/read-fields.ts";
import type { JsonObject } from "../../../core/event.ts";
import { payloadOf, VENDOR } from "./events.ts";
import { faultOf, isUnderWay, taskOf } from "./faults.ts";

/** The types that report pictures and nothing else. */
export const SNAPSHOT_TYPES = ["CreateSnapshotByTimeOffsetComplete", "CreateImageSpriteComplete"] as const;

/**
 * Undefined when the event is not about pictures, or lacks its content. A procedure may make pictures and other things.
 */
export function snapshotsOf(type: string, body: JsonObject): Snapshots | undefined {
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  const payload = payloadOf(type, body);
  if (!read || !payload) return undefined;
  const content: JsonObject = { ...payload };
  const found = read(content);
  const [taskId, fileId] = [textIn(content, "TaskId"), textIn(content, "FileId")];
  return found && { vendor: VENDOR, taskId, fileId, items: toSnapshots(found) };
}

type Reader = (content: JsonObject) => readonly Found[] | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  CreateSnapshotByTimeOffsetComplete: (content) => objectsIn(content, "SnapshotInfoSet")?.map(atOffset),
  CreateImageSpriteComplete: (content) => {
    const error = faultOf(content);
    return error === undefined ? addresses(content, "ImageSpriteUrlSet") : [{ error }];
  },
  ProcedureStateChanged(content) {
    const results = objectsIn(content, "MediaProcessResultSet") ?? [];
    const pictures = results.filter((result) => Object.hasOwn(OUTPUTS, textIn(result, "Type") ?? ""));
    return pictures.length === 0 ? undefined : pictures.flatMap(readResult);
  },
};

/** Where each kind of a procedure's results has its pictures. */
const OUTPUTS: Readonly<Record<string, Reader>> = {
  SnapshotByTimeOffset: (output) => objectsIn(output, "PicInfoSet")?.map(atOffset),
  SampleSnapshot: (output) => addresses(output, "ImageUrlSet"),
  ImageSprites: (output) => addresses(output, "ImageUrlSet"),
  CoverBySnapshot: (output) => [{ url: textIn(output, "CoverUrl") }],
};

function readResult(result: JsonObject): readonly Found[] {
  const kind = textIn(result, "Type") ?? "";
  const task = taskOf(result);
  if (isUnderWay(task)) return [];
  const error = faultOf(task);
  if (error !== undefined) return [{ kind, error }];
  return (OUTPUTS[kind]?.(objectIn(task, "Output")) ?? []).map((found) => Object.assign(found, { kind }));
}

function atOffset(info: JsonObject): Found {
  return { url: textIn(info, "Url"), error: faultOf(info), offsetMs: numberIn(info, "TimeOffset") };
}

function addresses(output: JsonObject, key: string): readonly Found[] {
  return textsIn(output, key).map((url) => ({ url }));
}
