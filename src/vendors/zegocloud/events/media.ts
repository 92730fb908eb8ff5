/** The files in ZEGOCLOUD's events: what was recorded, merged or transcoded. */
import { type Found, type Media, type MediaKind, toMediaFiles } from "../../parsing/results.ts";
import { isKey, objectIn, objectsIn, textIn } from "../../parsing/read-fields.ts";
import { isObject, type JsonObject } from "../../../core/event.ts";
import { VENDOR } from "./name.ts";
import { parseExact } from "./exact-json.ts";

type Reader = { readonly kind: MediaKind; readonly read: (body: JsonObject, extra: JsonObject) => readonly Found[] };

const READERS = {
  /** One event for each format of the recording. */
  record: {
    kind: "record",
    read: (body, extra) => [{ url: textIn(body, "replay_url"), fileId: textIn(extra, "FileID") }],
  },
  compose: { kind: "compose", read: (body) => [{ ...readFile(body), fileId: textIn(body, "file_id") }] },
  procedure: {
    kind: "transcode",
    read: (body, extra) =>
      textIn(body, "status") === "SUCCESS"
        ? (objectsIn(objectIn(extra, "media"), "transcode") ?? []).map(readFile)
        : [{ error: textIn(body, "status") ?? "it has no status" }],
  },
} as const satisfies Record<string, Reader>;

/** The types that report files. */
export const MEDIA_TYPES: readonly string[] = Object.keys(READERS);

/** Undefined when the event is not about files. */
export function mediaOf(type: string, body: JsonObject): Media | undefined {
  if (!isKey(READERS, type)) return undefined;
  const { extra_params: sent } = body;
  const opened: unknown = typeof sent === "string" ? parseExact(sent) : sent;
  const extra = isObject(opened) ? opened : {};
  const { kind, read } = READERS[type];
  const taskId = textIn(body, "task_id") ?? textIn(extra, "TaskId");
  const fileId = textIn(body, "file_id", "fileId") ?? textIn(extra, "FileID");
  return { vendor: VENDOR, kind, taskId, fileId, items: toMediaFiles(read(body, extra)) };
}

/** Code "0" is success. */
function readFile(file: JsonObject): Found {
  const code = textIn(file, "code") ?? "0";
  const error = code === "0" ? undefined : [code, textIn(file, "message")].filter(Boolean).join(": ");
  return { url: textIn(file, "replay_url"), error };
}
