/**
 * What Tencent VOD reports: each EventType, the field of the event that carries its content, and the content's type, which
 * is the one of the vendor's SDK. A type that is not listed here works as well, without types.
 */
import type { EventContent } from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";
import { PermanentError } from "../../core/errors.ts";
import type { Handler, HandlerContext, HandlerOptions, JsonObject } from "../../core/types.ts";

export const VENDOR = "tencent-vod";

/** The type of an event that does not say what it is, and whose content does not either. */
export const NO_TYPE = "(none)";

/** A third of the fields are not named after their type. */
const FIELDS = {
  NewFileUpload: "FileUploadEvent",
  ProcedureStateChanged: "ProcedureStateChangeEvent",
  FileDeleted: "FileDeleteEvent",
  RestoreMediaComplete: "RestoreMediaCompleteEvent",
  PullComplete: "PullCompleteEvent",
  EditMediaComplete: "EditMediaCompleteEvent",
  SplitMediaComplete: "SplitMediaCompleteEvent",
  ComposeMediaComplete: "ComposeMediaCompleteEvent",
  WechatPublishComplete: "WechatPublishCompleteEvent",
  WechatMiniProgramPublishComplete: "WechatMiniProgramPublishCompleteEvent",
  RemoveWatermark: "RemoveWatermarkCompleteEvent",
  RebuildMediaComplete: "RebuildMediaCompleteEvent",
  ReviewAudioVideoComplete: "ReviewAudioVideoCompleteEvent",
  ExtractTraceWatermarkComplete: "ExtractTraceWatermarkCompleteEvent",
  ExtractCopyRightWatermarkComplete: "ExtractCopyRightWatermarkCompleteEvent",
  ExtractBlindWatermarkComplete: "ExtractBlindWatermarkComplete",
  DescribeFileAttributesComplete: "DescribeFileAttributesCompleteEvent",
  QualityInspectComplete: "QualityInspectCompleteEvent",
  QualityEnhanceComplete: "QualityEnhanceCompleteEvent",
  MediaCastStatusChanged: "MediaCastStatusChangedEvent",
  PersistenceComplete: "PersistenceCompleteEvent",
  ComplexAdaptiveDynamicStreamingComplete: "ComplexAdaptiveDynamicStreamingCompleteEvent",
  ProcessMediaByMPSComplete: "ProcessMediaByMPSCompleteEvent",
  AigcImageTaskComplete: "AigcImageCompleteEvent",
  AigcVideoTaskComplete: "AigcVideoCompleteEvent",
  SceneAigcImageCompleteEvent: "SceneAigcImageCompleteEvent",
  ProcessImageAsyncCompleteEvent: "ProcessImageAsyncCompleteEvent",
  CreateAigcAdvancedCustomElementCompleteEvent: "CreateAigcAdvancedCustomElementCompleteEvent",
  CreateAigcCustomVoiceCompleteEvent: "CreateAigcCustomVoiceCompleteEvent",
  DescribeAigcFaceInfoAsyncComplete: "DescribeAigcFaceInfoAsyncCompleteEvent",
  ReduceMediaBitrateComplete: "ReduceMediaBitrateCompleteEvent",
  TranscodeComplete: "TranscodeCompleteEvent",
  ConcatComplete: "ConcatCompleteEvent",
  ClipComplete: "ClipCompleteEvent",
  CreateImageSpriteComplete: "CreateImageSpriteCompleteEvent",
  CreateSnapshotByTimeOffsetComplete: "SnapshotByTimeOffsetCompleteEvent",
} as const satisfies Record<string, keyof EventContent>;

/** The newest types are documented with a name that ends in "Event", unlike all others: both spellings are one type. */
const ALIASES = {
  SceneAigcImageComplete: "SceneAigcImageCompleteEvent",
  ProcessImageAsyncComplete: "ProcessImageAsyncCompleteEvent",
  CreateAigcAdvancedCustomElementComplete: "CreateAigcAdvancedCustomElementCompleteEvent",
  CreateAigcCustomVoiceComplete: "CreateAigcCustomVoiceCompleteEvent",
} as const satisfies Record<string, keyof typeof FIELDS>;

export type EventType = keyof typeof FIELDS | keyof typeof ALIASES;

/** What a handler of type `T` is given: the content of the event's own field, or the whole body of a type not listed. */
export type PayloadOf<T extends string> = T extends keyof typeof FIELDS
  ? NonNullable<EventContent[(typeof FIELDS)[T]]>
  : T extends keyof typeof ALIASES
    ? PayloadOf<(typeof ALIASES)[T]>
    : JsonObject;

/**
 * One line of the handlers list: `on("NewFileUpload", async (upload, context) => { ... }, { attempts: 5 })`.
 * An event that lacks its content is parked at once: it will be no different the next time.
 */
export function on<T extends EventType | (string & Record<never, never>)>(
  type: T,
  run: (payload: PayloadOf<T>, context: HandlerContext) => unknown,
  options: HandlerOptions = {},
): Handler {
  return {
    ...options,
    vendor: VENDOR,
    type: canonical(type),
    run(context) {
      const payload = payloadOf(type, context.event.body);
      if (payload === undefined) throw new PermanentError(`${type} carries no ${fieldOf(type) ?? "content"}`);
      return run(payload, context);
    },
  };
}

/** Undefined when the event lacks the field of its type. */
export function payloadOf<T extends string>(type: T, body: JsonObject): PayloadOf<T> | undefined {
  const field = fieldOf(type);
  const content = field === undefined ? body : contentOf(body, field);
  return isPayload(type, content) ? content : undefined;
}

/** The type an event gives itself, else the one its only content belongs to: some events come without a type. */
export function typeOf(body: JsonObject): string {
  if (typeof body["EventType"] === "string" && body["EventType"] !== "") return canonical(body["EventType"]);
  const [only, ...more] = contents(body);
  return (only && more.length === 0 && TYPES.get(only[0])) || NO_TYPE;
}

function canonical(type: string): string {
  return isKey(ALIASES, type) ? ALIASES[type] : type;
}

function fieldOf(type: string): string | undefined {
  const known = canonical(type);
  return isKey(FIELDS, known) ? FIELDS[known] : undefined;
}

/** Under either spelling of the field; else the only content there is, unless it is another type's. */
function contentOf(body: JsonObject, field: string): unknown {
  const found = contents(body);
  const [only, ...more] = found;
  const own = found.find(([key]) => key === field) ?? found.find(([key]) => key === otherSpelling(field));
  return own ? own[1] : only && more.length === 0 && !TYPES.has(only[0]) ? only[1] : undefined;
}

/** Pulled events carry the fields of all other types as nulls. */
function contents(body: JsonObject): (readonly [key: string, content: unknown])[] {
  return Object.entries(body).filter(
    ([, value]) => typeof value === "object" && value !== null && !Array.isArray(value),
  );
}

/** The vendor's samples have `EditMediaComplete` where its SDK has `EditMediaCompleteEvent`, and more of the kind. */
function otherSpelling(field: string): string {
  return field.endsWith("Event") ? field.slice(0, -"Event".length) : `${field}Event`;
}

const TYPES = new Map<string, string>(
  Object.entries(FIELDS).flatMap(([type, field]) => [
    [field, type],
    [otherSpelling(field), type],
  ]),
);

function isKey<O extends object>(object: O, key: PropertyKey): key is keyof O {
  return Object.hasOwn(object, key);
}

/** That the content is an object is all we check: what is in it is the vendor's word. */
function isPayload<T extends string>(_type: T, content: unknown): content is PayloadOf<T> {
  return typeof content === "object" && content !== null;
}
