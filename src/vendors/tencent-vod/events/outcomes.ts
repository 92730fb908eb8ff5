/**
 * Outcomes of the tasks that Tencent VOD reports. FINISH says that a task is over, not that it succeeded. Its code, the
 * status of its parts, or a field of the type's own says whether it succeeded.
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
import { isKey, objectIn, objectsIn, textIn } from "../../parsing/read-fields.ts";
import type { JsonObject } from "../../../core/event.ts";
import { canonical, type ListedType } from "./event-types.ts";
import { payloadOf } from "./events.ts";
import { codeOf, taskEntryOf } from "./faults.ts";

/** Undefined for a type that is not listed, and for an event that says nothing about the state of its work. */
export function outcomeOf(type: string, body: JsonObject): Outcome | undefined {
  const listed = canonical(type);
  const payload = payloadOf(listed, body);
  if (!isKey(READERS, listed) || !payload) return undefined;
  return READERS[listed]({ ...payload });
}

type Reader = (content: JsonObject) => Outcome | undefined;

/** The event itself means success: it has no status. */
const happened: Reader = () => toOutcome(SUCCEEDED);

/** One task with a status and a code. */
const task: Reader = (content) => whole(verdictOf(content));

const READERS = {
  NewFileUpload: happened,
  FileDeleted: happened,
  PersistenceComplete: happened,
  // Its Status is deprecated.
  RestoreMediaComplete: happened,
  MediaCastStatusChanged: ({ Status }) => whole(CAST_STATES.get(wordOf(Status))),

  PullComplete: task,
  EditMediaComplete: task,
  SplitMediaComplete: task,
  ComposeMediaComplete: task,
  RemoveWatermark: task,
  RebuildMediaComplete: task,
  QualityEnhanceComplete: task,
  TranscodeComplete: task,
  CreateImageSpriteComplete: task,
  DescribeFileAttributesComplete: task,
  // The verdict on the video is in the output. A review that blocks a video has succeeded.
  ReviewAudioVideoComplete: task,
  QualityInspectComplete: task,
  ExtractTraceWatermarkComplete: task,
  ExtractCopyRightWatermarkComplete: task,
  ExtractBlindWatermarkComplete: task,
  AigcImageTaskComplete: task,
  AigcVideoTaskComplete: task,
  SceneAigcImageCompleteEvent: task,
  // Documented without any status, which may be a slip.
  ProcessImageAsyncCompleteEvent: task,
  CreateAigcAdvancedCustomElementCompleteEvent: task,
  CreateAigcCustomVoiceCompleteEvent: task,
  DescribeAigcFaceInfoAsyncComplete: task,

  WechatPublishComplete: published("WechatStatus", "SUCCESS"),
  WechatMiniProgramPublishComplete: published("PublishResult", "PASS"),

  ProcedureStateChanged: (content) => procedure(content),
  ReduceMediaBitrateComplete: (content) => procedure(content),
  ComplexAdaptiveDynamicStreamingComplete: (content) =>
    together(verdictOf(content), partsIn(content, "ComplexAdaptiveDynamicStreamingTaskResultSet", verdictOf)),
  ProcessMediaByMPSComplete: (content) =>
    together(verdictOf(content), partsIn(content, "SubTaskSet", verdictOf, { kindKey: "TaskType" })),
  ConcatComplete: (content) => together(undefined, partsIn(content, "FileInfoSet", verdictOf)),
  CreateSnapshotByTimeOffsetComplete: (content) => together(undefined, partsIn(content, "SnapshotInfoSet", verdictOf)),
  ClipComplete: (content) => whole(verdictOf(objectIn(content, "FileInfo"))),
} as const satisfies Record<ListedType, Reader>;

const CAST_STATES = new Map<string, Verdict>([
  ["WORKING", IN_PROGRESS],
  ["SCHEDULED", IN_PROGRESS],
  ["STOPPED", SUCCEEDED],
  ["IDLE", SUCCEEDED],
]);

/** The results of a procedure, by list: processing, review, analysis, recognition. */
const RESULT_SETS = [
  "MediaProcessResultSet",
  "AiContentReviewResultSet",
  "AiAnalysisResultSet",
  "AiRecognitionResultSet",
];

/** The code of the procedure itself is deprecated. It counts only if no result has an outcome. */
function procedure(content: JsonObject): Outcome | undefined {
  const results = RESULT_SETS.flatMap((list) =>
    (objectsIn(content, list) ?? []).map((result, index) => {
      const [key, found] = taskEntryOf(result);
      const path = `${list}[${index}]${key === undefined ? "" : `.${key}`}`;
      return { path, kind: textIn(result, "Type"), verdict: verdictOf(found) };
    }),
  );
  if (results.every(({ verdict }) => verdict === undefined)) return whole(verdictOf(content));
  const { Status } = content;
  return together(verdictOf({ Status }), results);
}

function whole(verdict: Verdict | undefined): Outcome | undefined {
  return verdict && toOutcome(verdict);
}

/** The outcome of a task whose parts have outcomes of their own. */
function together(verdict: Verdict | undefined, found: readonly FoundPart[]): Outcome | undefined {
  const isSaid = verdict !== undefined || found.some((part) => part.verdict !== undefined);
  return isSaid ? toOutcome(verdict ?? SUCCEEDED, found) : undefined;
}

/** The task is over once the video was sent. Another field says whether the video was accepted. */
function published(field: string, good: string): Reader {
  return (content) => {
    const verdict = verdictOf(content);
    const word = wordOf(content[field]);
    const hasEnded = verdict === undefined || verdict.state === "succeeded";
    if (!hasEnded || word === "") return whole(verdict);
    return toOutcome(word === good ? SUCCEEDED : failed(textIn(content, field)));
  };
}

/** Undefined where there is neither status nor code. */
function verdictOf(content: JsonObject): Verdict | undefined {
  const code = codeOf(content);
  const message = textIn(content, "Message");
  const word = wordOf(content["Status"]);
  if (word === "PROCESSING" || word === "WAITING") return IN_PROGRESS;
  if (code !== undefined) return failed(code, message);
  if (word === "FINISH" || word === "SUCCESS") return SUCCEEDED;
  // An unknown word is no success.
  if (word !== "") return failed(textIn(content, "Status"), message);
  return ["ErrCodeExt", "ErrCode"].some((key) => isText(content[key])) ? SUCCEEDED : undefined;
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value.trim().toUpperCase() : "";
}

function isText(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}
