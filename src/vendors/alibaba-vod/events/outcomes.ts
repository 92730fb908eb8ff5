/**
 * Outcomes of the work that Alibaba Cloud VOD reports. Each type has its own words for success. In a type with results,
 * each result has a status of its own. The event claims success as soon as one result has succeeded.
 */
import {
  failed,
  type FoundPart,
  IN_PROGRESS,
  type Outcome,
  partsIn,
  SUCCEEDED,
  toOutcome,
  type Verdict,
} from "../../parsing/outcome.ts";
import { isKey, objectIn, textIn } from "../../parsing/read-fields.ts";
import { isObject, type JsonObject } from "../../../core/event.ts";
import { type EventType, viewOf } from "./events.ts";

/** Undefined for a type that is not listed. */
export function outcomeOf(type: string, body: JsonObject): Outcome | undefined {
  if (!isKey(PARTS, type)) return undefined;
  const view = viewOf(type, body);
  return toOutcome(verdictOf(view), PARTS[type](view));
}

type Parts = (view: JsonObject) => readonly FoundPart[];

const none: Parts = () => [];

/** For each type: its results that have a status of their own. */
const PARTS = {
  FileUploadComplete: none,
  ImageUploadComplete: none,
  AttachedMediaUploadComplete: none,
  UploadByURLComplete: none,
  StreamTranscodeComplete: none,
  TranscodeComplete: (view) => partsIn(view, "StreamInfos", verdictOf, { kindKey: "Definition" }),
  SnapshotComplete: (view) => partsIn(view, "SnapshotInfos", verdictOf, { kindKey: "SnapshotType" }),
  DynamicImageComplete: (view) => {
    const image = objectIn(view, "DynamicImageJobInfo");
    return textIn(image, "Status") === undefined ? [] : [{ path: "DynamicImageJobInfo", verdict: verdictOf(image) }];
  },
  AddLiveRecordVideoComplete: none,
  LiveRecordVideoComposeStart: none,
  VideoAnalysisComplete: none,
  // The verdict on the video is in other fields. An audit that blocks a video has succeeded.
  CreateAuditComplete: none,
  AIMediaAuditComplete: none,
  AIMediaDNAComplete: none,
  AIVideoTagComplete: none,
  ProduceMediaComplete: none,
  DeleteMediaComplete: none,
  MediaBaseChangeComplete: none,
  UpdateMediaStorageClassComplete: none,
  RestoreMediaComplete: none,
  SubmitMediaRefreshComplete: none,
  WorkflowTaskComplete: (view) =>
    Object.entries(objectIn(view, "ActivityResults")).flatMap(([kind, result]) =>
      isObject(result) ? [{ path: `ActivityResults.${kind}`, kind, verdict: verdictOf(result) }] : [],
    ),
} as const satisfies Record<EventType, Parts>;

export const EVENT_TYPES: readonly string[] = Object.keys(PARTS);

const UNDER_WAY = /^\s*(init|processing|running|progressing|submitted|queuing|waiting)\s*$/i;

/** The AI types have `Code` and `Message` where the others have `ErrorCode` and `ErrorMessage`. */
function verdictOf(view: JsonObject): Verdict {
  const status = textIn(view, "Status");
  const code = textIn(view, "ErrorCode", "Code");
  const message = textIn(view, "ErrorMessage", "Message");
  if (status !== undefined && UNDER_WAY.test(status)) return IN_PROGRESS;
  if (status !== undefined) return view["ok"] === true ? SUCCEEDED : failed(code ?? status.trim(), message);
  return code === undefined || /^\s*(0|ok|success)\s*$/i.test(code) ? SUCCEEDED : failed(code, message);
}
