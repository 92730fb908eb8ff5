/** Outcomes of MediaConvert's jobs: the type of an event is the job's status. */
import { failed, IN_PROGRESS, type Outcome, SUCCEEDED, toOutcome, type Verdict } from "../../parsing/outcome.ts";
import { isKey, objectIn, textIn } from "../../parsing/read-fields.ts";
import type { JsonObject } from "../../../core/event.ts";
import type { EventType } from "./events.ts";

/** Undefined for a type that is not listed. */
export function outcomeOf(type: string, body: JsonObject): Outcome | undefined {
  return isKey(VERDICTS, type) ? toOutcome(VERDICTS[type](objectIn(body, "detail"))) : undefined;
}

type Reader = (detail: JsonObject) => Verdict;

const underWay: Reader = () => IN_PROGRESS;

const VERDICTS = {
  PROGRESSING: underWay,
  INPUT_INFORMATION: underWay,
  STATUS_UPDATE: underWay,
  QUEUE_HOP: underWay,
  // The job goes on; COMPLETE lists its warnings once more.
  NEW_WARNING: underWay,
  COMPLETE: () => SUCCEEDED,
  CANCELED: () => failed("CANCELED"),
  ERROR: (detail) => failed(textIn(detail, "errorCode"), textIn(detail, "errorMessage")),
} as const satisfies Record<EventType, Reader>;

export const EVENT_TYPES: readonly string[] = Object.keys(VERDICTS);
