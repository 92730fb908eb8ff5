/**
 * The table of what Tencent VOD reports: each EventType, the field of the event that carries its content, and the content's
 * type, which is the one of the vendor's SDK.
 */
import type { EventContent } from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";
import type { JsonObject } from "../../../core/event.ts";
import type { Payloads } from "./payloads/payloads.ts";
import { isKey } from "../../parsing/read-fields.ts";

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

/** The same as the vendor's SDK has it. */
export type SdkPayloadOf<T extends ListedType> = NonNullable<EventContent[(typeof FIELDS)[T]]>;

/** In the spelling that handlers and events are known by. */
export type ListedType = keyof typeof FIELDS;

export type EventType = ListedType | keyof typeof ALIASES;

/** Every type, in each of its spellings. */
export const EVENT_TYPES: readonly string[] = [...Object.keys(FIELDS), ...Object.keys(ALIASES)];

/** What a handler of type `T` is given: the content of the event's own field, or the whole body of a type not listed. */
export type PayloadOf<T extends string> = T extends ListedType
  ? Payloads[T]
  : T extends keyof typeof ALIASES
    ? PayloadOf<(typeof ALIASES)[T]>
    : JsonObject;

/** Of two spellings the one that handlers and events are known by. */
export function canonical(type: string): string {
  return isKey(ALIASES, type) ? ALIASES[type] : type;
}

/** Undefined for a type that is not listed. */
export function fieldOf(type: string): string | undefined {
  const known = canonical(type);
  return isKey(FIELDS, known) ? FIELDS[known] : undefined;
}

/** The vendor's samples have `EditMediaComplete` where its SDK has `EditMediaCompleteEvent`, and more of the kind. */
export function otherSpelling(field: string): string {
  return field.endsWith("Event") ? field.slice(0, -"Event".length) : `${field}Event`;
}

/** By field, in either spelling. */
export const TYPES = new Map<string, string>(
  Object.entries(FIELDS).flatMap(([type, field]) => [
    [field, type],
    [otherSpelling(field), type],
  ]),
);
