/**
 * Outcomes of the work that ZEGOCLOUD reports. Most of its events report no work: a room was created, or a stream
 * ended. The others show their outcome by a status, a code or their type.
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
  // `Detail` holds the findings. A moderation that rejects a stream has succeeded.
  censor_audio_v2_result: moderated,
  censor_audio_v2_status: moderated,
  censor_video_v2_audio_result: moderated,
  censor_video_v2_img_result: moderated,
  censor_video_v2_audio_status: moderated,
  censor_video_v2_img_status: moderated,

  // The vendor sends these events only for files and pictures that exist.
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

/** Any other status is undocumented and counts as a failure. */
function withStatus(good: string): Reader {
  return (body) => {
    const status = textIn(body, "Status");
    return toOutcome(status === undefined || status === good ? SUCCEEDED : failed(status));
  };
}

/** A status other than 0 means that the moderation goes on. Results have no status. */
function moderated(body: JsonObject): Outcome {
  const verdict = codeVerdict(textIn(body, "Code"), textIn(body, "Message"));
  const isOver = (textIn(body, "Status") ?? "0") === "0";
  return toOutcome(verdict.state === "succeeded" && !isOver ? IN_PROGRESS : verdict);
}

/** The status of a file that is in its intended storage. */
const IN_PLACE = "3";

/** Status 1 means that all files are in their intended storage. */
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

/** Code "0" is success. It comes as a number or as a text. */
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
