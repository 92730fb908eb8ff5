/** The fields that Alibaba Cloud VOD documents for its events, as the view shows them. */
import type { JsonObject } from "../../../core/event.ts";

/** Sizes, durations and the like come as numbers in some events and as text in others. */
type Amount = number | string;

type Common = {
  readonly EventType: string;
  /** ISO time, in some events with a colon before the milliseconds. */
  readonly EventTime: string;
  readonly Status: string;
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
  /** What the user passed along when the work was ordered. */
  readonly Extend: string;
};

type Uploaded = { readonly Size: Amount; readonly FileURL: string };
type LiveStream = { readonly StreamName: string; readonly DomainName: string; readonly AppName: string };
type AiJob = {
  readonly JobId: string;
  readonly MediaId: string;
  readonly Code: string;
  readonly Message: string;
  readonly Data: JsonObject;
};

/** One transcoded stream. */
type Stream = Partial<{
  readonly Status: string;
  readonly ok: boolean;
  readonly Bitrate: Amount;
  readonly Definition: string;
  readonly Duration: Amount;
  readonly Encrypt: boolean;
  readonly FileUrl: string;
  readonly Format: string;
  readonly Fps: Amount;
  readonly Height: Amount;
  readonly Width: Amount;
  readonly Size: Amount;
  readonly JobId: string;
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}>;

/** One set of snapshots, and the rule that their addresses follow. */
type SnapshotInfo = Partial<{
  readonly Status: string;
  readonly ok: boolean;
  /** CoverSnapshot, NormalSnapshot, SpriteSnapshot, WebVttSnapshot, ... */
  readonly SnapshotType: string;
  readonly SnapshotCount: Amount;
  /** A path with `{SnapshotCount}` where the number goes. */
  readonly SnapshotFormat: string;
  /** The same as a whole http address. */
  readonly SnapshotRegular: string;
  readonly JobId: string;
}>;

type DynamicImage = Partial<{
  readonly Status: string;
  readonly ok: boolean;
  readonly JobId: string;
  readonly FileURL: string;
  readonly FileSize: Amount;
  readonly Fps: Amount;
  readonly Height: Amount;
  readonly Width: Amount;
}>;

/** What changed in a field: one of the two is empty when it was new or is gone. */
type Change = Partial<{ readonly OldValue: string; readonly NewValue: string }>;

export type EventFields = {
  FileUploadComplete: Common & { readonly VideoId: string; readonly Size: Amount; readonly FileUrl: string };
  ImageUploadComplete: Common & Uploaded & { readonly ImageId: string };
  AttachedMediaUploadComplete: Common & Uploaded & { readonly AttachedMediaId: string };
  UploadByURLComplete: Common & {
    readonly VideoId: string;
    readonly JobId: string;
    readonly SourceURL: string;
    readonly Size: Amount;
  };
  StreamTranscodeComplete: Common & Stream & { readonly VideoId: string };
  TranscodeComplete: Common & { readonly VideoId: string; readonly StreamInfos: readonly Stream[] };
  SnapshotComplete: Common & {
    readonly VideoId: string;
    /** `SpecifiedTime` for snapshots that SubmitSnapshotJob ordered. */
    readonly SubType: string;
    readonly CoverUrl: string;
    readonly SnapshotInfos: readonly SnapshotInfo[];
  };
  DynamicImageComplete: Common & {
    readonly VideoId: string;
    readonly JobId: string;
    readonly DynamicImageJobInfo: DynamicImage;
  };
  AddLiveRecordVideoComplete: Common &
    LiveStream & { readonly VideoId: string; readonly RecordStartTime: string; readonly RecordEndTime: string };
  LiveRecordVideoComposeStart: Common & LiveStream & { readonly VideoId: string };
  VideoAnalysisComplete: Common & {
    readonly VideoId: string;
    readonly Size: Amount;
    readonly Duration: Amount;
    readonly Bitrate: Amount;
    readonly Fps: Amount;
    readonly Height: Amount;
    readonly Width: Amount;
  };
  CreateAuditComplete: Common & {
    readonly MediaId: string;
    readonly SubType: string;
    /** `Normal` or `Blocked`. */
    readonly AuditStatus: string;
    readonly CreationTime: string;
    readonly Auditor: string;
    readonly Reason: string;
  };
  AIMediaAuditComplete: Common & AiJob;
  AIMediaDNAComplete: Common & AiJob & { readonly CompleteTime: string };
  AIVideoTagComplete: Common & AiJob;
  ProduceMediaComplete: Common & { readonly MediaId: string; readonly ProjectId: string };
  DeleteMediaComplete: Common & {
    readonly MediaId: string;
    /** `video`, `image` or `attached`. */
    readonly MediaType: string;
    /** `all`, `mezzanine` or `stream`. */
    readonly DeleteType: string;
    readonly JobIds: string;
  };
  MediaBaseChangeComplete: Common & {
    readonly MediaId: string;
    readonly MediaType: string;
    readonly OperateMode: string;
    readonly MediaContent: Partial<Record<"Title" | "Description" | "CoverURL" | "CateId" | "Tags", Change>>;
  };
  UpdateMediaStorageClassComplete: Common & {
    readonly MediaId: string;
    readonly Scope: string;
    readonly StorageClass: string;
    readonly TriggerBy: string;
  };
  RestoreMediaComplete: Common & { readonly MediaId: string; readonly RestoreExpiration: string };
  SubmitMediaRefreshComplete: Common & {
    readonly MediaId: string;
    readonly MediaRefreshJobId: string;
    /** `Refresh` or `Preload`. */
    readonly TaskType: string;
    /** Separated by commas. */
    readonly SuccessPlayUrls: string;
    readonly TaskIds: string;
    readonly FilterPolicy: JsonObject;
  };
  WorkflowTaskComplete: Common & {
    readonly WorkflowId: string;
    readonly TaskId: string;
    readonly VideoId: string;
    /** By the name of the activity. */
    readonly ActivityResults: JsonObject;
    readonly TaskInput: JsonObject;
    readonly CreateTime: string;
    readonly ModifiedTime: string;
    readonly FinishTime: string;
  };
};
