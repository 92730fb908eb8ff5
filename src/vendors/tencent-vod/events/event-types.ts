/**
 * The table of Tencent VOD's events: each EventType, the field of the event that carries its content, and the type of
 * that content in the vendor's SDK.
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

/**
 * The vendor documents its newest types with a name that ends in "Event", unlike all others. Both spellings are one
 * type.
 */
const ALIASES = {
  SceneAigcImageComplete: "SceneAigcImageCompleteEvent",
  ProcessImageAsyncComplete: "ProcessImageAsyncCompleteEvent",
  CreateAigcAdvancedCustomElementComplete: "CreateAigcAdvancedCustomElementCompleteEvent",
  CreateAigcCustomVoiceComplete: "CreateAigcCustomVoiceCompleteEvent",
} as const satisfies Record<string, keyof typeof FIELDS>;

/** The content of type `T` as the vendor's SDK declares it. */
export type SdkPayloadOf<T extends ListedType> = NonNullable<EventContent[(typeof FIELDS)[T]]>;

/** The listed types, in the spelling that handlers and events use. */
export type ListedType = keyof typeof FIELDS;

export type EventType = ListedType | keyof typeof ALIASES;

/** Every type, in each of its spellings. */
export const EVENT_TYPES: readonly string[] = [...Object.keys(FIELDS), ...Object.keys(ALIASES)];

/**
 * The payload of a handler of type `T`: the content of the event's own field, or the whole body for a type that is not
 * listed.
 */
export type PayloadOf<T extends string> = T extends ListedType
  ? Payloads[T]
  : T extends keyof typeof ALIASES
    ? PayloadOf<(typeof ALIASES)[T]>
    : JsonObject;

/** Returns the spelling that handlers and events use. */
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
