/**
 * Outcomes of the work that ZEGOCLOUD reports. Most of its events report no work: a room that was created, a stream that
 * ended. The others have a status, a code, or a type that says it.
 */
import {
  failed,
  IN_PROGRESS,
  type Outcome,
  partsIn,
  SUCCEEDED,
  toOutcome,
  type Verdict,
} from "../../parsing/outcome.ts";
import { isKey, objectIn, textIn } from "../../parsing/read-fields.ts";
import { isObject, type JsonObject } from "../../../core/event.ts";
import type { EventType } from "./events.ts";
import { parseExact } from "./exact-json.ts";

/** Undefined for a type that is not listed, and for an event that lacks its status. */
export function outcomeOf(type: string, body: JsonObject): Outcome | undefined {
  return isKey(READERS, type) ? READERS[type](body) : undefined;
}

type Reader = (body: JsonObject) => Outcome | undefined;

const happened: Reader = () => toOutcome(SUCCEEDED);
const underWay: Reader = () => toOutcome(IN_PROGRESS);
const broken: Reader = (body) => toOutcome(failed(undefined, textIn(body, "message")));

const READERS = {
  room_create: happened,
  room_close: happened,
  room_login: happened,
  room_logout: happened,
  stream_create: happened,
  stream_close: happened,
  mix_start: happened,
  mix_stop: happened,
  transcode_start: withStatus("TranscodeStarted"),
  transcode_stop: withStatus("TranscodeStopped"),
  // Detail holds a moderation's findings: a stream that is rejected has been moderated.
  censor_audio_v2_result: moderated,
  censor_audio_v2_status: moderated,
  censor_video_v2_audio_result: moderated,
  censor_video_v2_img_result: moderated,
  censor_video_v2_audio_status: moderated,
  censor_video_v2_img_status: moderated,

  // These come for files and pictures that are there.
  record: happened,
  snapshot: happened,
  compose: (body) => toOutcome(coded(body)),
  procedure(body) {
    const status = textIn(body, "status");
    if (status === undefined) return undefined;
    const verdict = status === "SUCCESS" ? SUCCEEDED : failed(status);
    const media = objectIn(opened(body, "extra_params"), "media");
    return toOutcome(verdict, partsIn(media, "transcode", coded, { below: "extra_params.media." }));
  },

  "cloud_recording/1": uploaded,
  "cloud_recording/2": broken,
  "cloud_recording/3": broken,
  "cloud_recording/4": underWay,
  "cloud_recording/5": happened,
  "cloud_recording/6": broken,
  "cloud_recording/7": underWay,
  "cloud_player/1": happened,
  "cloud_player/2": happened,
  "cloud_player/3": happened,
  "cloud_player/4": (body) => toOutcome(failed(textIn(opened(body, "Detail"), "Code"))),
} as const satisfies Record<EventType, Reader>;

export const EVENT_TYPES: readonly string[] = Object.keys(READERS);

/** Any other status is none that is documented, and no success. */
function withStatus(good: string): Reader {
  return (body) => {
    const status = textIn(body, "Status");
    return toOutcome(status === undefined || status === good ? SUCCEEDED : failed(status));
  };
}

/** A status other than 0 says that it goes on; results have none. */
function moderated(body: JsonObject): Outcome {
  const verdict = codeVerdict(textIn(body, "Code"), textIn(body, "Message"));
  const isOver = (textIn(body, "Status") ?? "0") === "0";
  return toOutcome(verdict.state === "succeeded" && !isOver ? IN_PROGRESS : verdict);
}

/** Of a file that is where it belongs. */
const IN_PLACE = "3";

/** 1: all files are in the storage they were meant for. */
function uploaded(body: JsonObject): Outcome {
  const detail = opened(body, "detail");
  const status = textIn(detail, "upload_status") ?? "1";
  const files = partsIn(detail, "file_info", fileVerdict, { below: "detail." });
  const isTold = files.some(({ verdict }) => verdict?.state === "failed");
  return toOutcome(status === "1" || isTold ? SUCCEEDED : failed(status, textIn(body, "message")), files);
}

function fileVerdict(file: JsonObject): Verdict {
  const status = textIn(file, "status") ?? IN_PLACE;
  return status === IN_PLACE ? SUCCEEDED : failed(status);
}

/** Code "0" is success, a number here and a text there. */
function coded(object: JsonObject): Verdict {
  return codeVerdict(textIn(object, "code"), textIn(object, "message"));
}

function codeVerdict(code = "0", message?: string): Verdict {
  return code === "0" ? SUCCEEDED : failed(code, message);
}

/** JSON inside a text, as some fields have it. */
function opened(body: JsonObject, key: string): JsonObject {
  const value = body[key];
  const inner: unknown = typeof value === "string" ? parseExact(value) : value;
  return isObject(inner) ? inner : {};
}
