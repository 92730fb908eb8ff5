/**
 * The job events of AWS Elemental MediaConvert, through EventBridge. The type of an event is the job's status. Types
 * that are not listed here work too, but their payloads are untyped.
 */
import { storable } from "../../parsing/storable.ts";
import { isObject, type JsonObject } from "../../../core/event.ts";

export const VENDOR = "aws-mediaconvert";

/** The type of a message that names no type. */
const NO_TYPE = "(none)";

/** AWS's longest type has a fifth of this length. A longer one would only flood logs, metrics and pages. */
const MOST_OF_A_TYPE = 100;

/** An editor shows a field's description only if the type declares the field itself. `Partial` would lose it. */
type Job = {
  /** The id that the call of the API returned when the job was ordered. */
  readonly jobId?: string;
  /** The AWS account that the job belongs to. */
  readonly accountId?: string;
  /** The ARN of the queue that the job ran in. */
  readonly queue?: string;
  /** UNIX time in ms. */
  readonly timestamp?: number;
  /** The pairs that you passed along with the job. */
  readonly userMetadata?: Readonly<Record<string, string>>;
};

type OutputGroup = {
  /** FILE_GROUP, HLS_GROUP, DASH_ISO_GROUP, ... */
  readonly type?: string;
  /** The `s3://` addresses of the playlists, where the group has some. */
  readonly playlistFilePaths?: readonly string[];
  /** One entry for each file that was made. */
  readonly outputDetails?: readonly OutputDetail[];
};

type OutputDetail = {
  /** The `s3://` addresses of the file. */
  readonly outputFilePaths?: readonly string[];
  /** In milliseconds. */
  readonly durationInMs?: number;
  /** The size of the picture. */
  readonly videoDetails?: { readonly widthInPx?: number; readonly heightInPx?: number };
};

type Warnings = {
  /** Warnings that did not stop the job, each with a code and a count. */
  readonly warnings?: readonly JsonObject[];
};

type EventFields = Readonly<Record<"PROGRESSING" | "CANCELED" | "QUEUE_HOP", Job>> & {
  readonly INPUT_INFORMATION: Job & {
    /** Size, duration and streams of each input. */
    readonly inputDetails?: readonly JsonObject[];
  };
  readonly STATUS_UPDATE: Job & {
    /** Pictures that were read so far. */
    readonly framesDecoded?: number;
    /** How far the job is: `jobPercentComplete`, `currentPhase`. */
    readonly jobProgress?: JsonObject;
  };
  readonly COMPLETE: Job &
    Warnings & {
      /** The files that were made, by output group. Addresses are `s3://` ones. */
      readonly outputGroupDetails?: readonly OutputGroup[];
    };
  readonly ERROR: Job & {
    /** Such as 1040: a number of AWS's list of errors. */
    readonly errorCode?: number;
    /** The failure in AWS's words. */
    readonly errorMessage?: string;
  };
  readonly NEW_WARNING: Job & Warnings;
};

export type EventType = keyof EventFields;

/** The payload of a handler of type `T`: the documented fields of the event's `detail`. Any field may be missing. */
export type PayloadOf<T extends string> = T extends EventType ? EventFields[T] : JsonObject;

/** Undefined when the event has no `detail`. */
export function payloadOf<T extends string>(type: T, { detail }: JsonObject): PayloadOf<T> | undefined {
  return isPayload(type, detail) ? detail : undefined;
}

/** Reads a message as EventBridge puts it into the queue. Undefined if it is not a JSON object or cannot be stored. */
export function readEvent(text: string): { readonly type: string; readonly body: JsonObject } | undefined {
  try {
    const body = storable(JSON.parse(text));
    return body && { type: typeOf(body), body };
  } catch {
    return undefined;
  }
}

/** A rule may put other events than jobs into the queue. Their type is EventBridge's own name for them. */
function typeOf({ detail, "detail-type": name }: JsonObject): string {
  const status = isObject(detail) ? detail["status"] : undefined;
  const type = [status, name].find((text) => typeof text === "string" && text.trim() !== "");
  return typeof type === "string" ? type.trim().slice(0, MOST_OF_A_TYPE) : NO_TYPE;
}

/** We check only that it is an object. Its content is as the vendor sent it. */
function isPayload<T extends string>(_type: T, detail: unknown): detail is PayloadOf<T> {
  return isObject(detail);
}
