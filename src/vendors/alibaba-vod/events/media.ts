/** The files in Alibaba Cloud VOD's events: what was transcoded, recorded or put together. */
import { type Found, type Media, type MediaKind, toMediaFiles } from "../../parsing/results.ts";
import { isKey, objectIn, objectsIn, textIn } from "../../parsing/read-fields.ts";
import type { JsonObject } from "../../../core/event.ts";
import { VENDOR, viewOf } from "./events.ts";
import { faultOf } from "./faults.ts";

type Reader = { readonly kind: MediaKind; readonly read: (view: JsonObject) => readonly Found[] };

const READERS = {
  /** One stream. TranscodeComplete reports it once more, when all streams are done. */
  StreamTranscodeComplete: { kind: "transcode", read: (view) => [readFile(view)] },
  TranscodeComplete: {
    kind: "transcode",
    read: (view) =>
      objectsIn(view, "StreamInfos")?.map(readFile) ?? [{ error: faultOf(view) ?? "it lists no streams" }],
  },
  ProduceMediaComplete: {
    kind: "compose",
    read: (view) => [{ fileId: textIn(view, "MediaId"), error: faultOf(view) }],
  },
  AddLiveRecordVideoComplete: {
    kind: "record",
    read: (view) => [{ fileId: textIn(view, "VideoId"), error: faultOf(view) }],
  },
  DynamicImageComplete: {
    kind: "image",
    read: (view) => [{ ...readFile(objectIn(view, "DynamicImageJobInfo")), error: faultOf(view) }],
  },
} as const satisfies Record<string, Reader>;

/** The types that report files. */
export const MEDIA_TYPES: readonly string[] = Object.keys(READERS);

/** Undefined when the event is not about files. */
export function mediaOf(type: string, body: JsonObject): Media | undefined {
  if (!isKey(READERS, type)) return undefined;
  const view = viewOf(type, body);
  const { kind, read } = READERS[type];
  const fileId = textIn(view, "VideoId", "MediaId");
  return { vendor: VENDOR, kind, taskId: textIn(view, "JobId", "ProjectId"), fileId, items: toMediaFiles(read(view)) };
}

function readFile(file: JsonObject): Found {
  const kind = textIn(file, "Definition");
  return { kind, url: textIn(file, "FileUrl", "FileURL"), container: textIn(file, "Format"), error: faultOf(file) };
}
