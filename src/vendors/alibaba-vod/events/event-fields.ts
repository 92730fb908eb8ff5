/** The fields that Alibaba Cloud VOD documents for its events, as the view shows them. Each may be missing. */
import type { JsonObject } from "../../../core/event.ts";

/** Sizes, durations and the like come as numbers in some events and as text in others. */
type Amount = number | string;

type Common = {
  /** The name of the type. */
  readonly EventType?: string;
  /** ISO time, in some events with a colon before the milliseconds. */
  readonly EventTime?: string;
  /** `success` or `fail`; some types use other words. `ok` says the same as true or false. */
  readonly Status?: string;
  /** The failure as a word; missing for success. */
  readonly ErrorCode?: string;
  /** The failure in the vendor's words. */
  readonly ErrorMessage?: string;
  /** What the user passed along when the work was ordered. */
  readonly Extend?: string;
};

type Uploaded = {
  /** In bytes. */
  readonly Size?: Amount;
  /** The address of the file. It may need a signature: see `createUrlSigner`. */
  readonly FileURL?: string;
};
type LiveStream = {
  /** The name of the live stream. */
  readonly StreamName?: string;
  /** The domain that it was pushed to. */
  readonly DomainName?: string;
  /** The application that it was pushed to. */
  readonly AppName?: string;
};
type AiJob = {
  /** The id that the call of the API returned when the work was ordered. */
  readonly JobId?: string;
  /** The id of the media file. */
  readonly MediaId?: string;
  /** The outcome of the job as a word. */
  readonly Code?: string;
  /** The outcome in the vendor's words. */
  readonly Message?: string;
  /** The result, as an object. */
  readonly Data?: JsonObject;
};

/** One transcoded stream. */
type Stream = {
  /** `success` or `fail`; some types use other words. `ok` says the same as true or false. */
  readonly Status?: string;
  /** `Status` as a yes or no. */
  readonly ok?: boolean;
  /** In kbit/s. */
  readonly Bitrate?: Amount;
  /** The quality, such as `SD` or `HD`. */
  readonly Definition?: string;
  /** In seconds. */
  readonly Duration?: Amount;
  /** Whether the stream is encrypted. */
  readonly Encrypt?: boolean;
  /** The address of the file. It may need a signature: see `createUrlSigner`. */
  readonly FileUrl?: string;
  /** Such as `mp4` or `m3u8`. */
  readonly Format?: string;
  /** Pictures a second. */
  readonly Fps?: Amount;
  /** In pixels. */
  readonly Height?: Amount;
  /** In pixels. */
  readonly Width?: Amount;
  /** In bytes. */
  readonly Size?: Amount;
  /** The id that the call of the API returned when the work was ordered. */
  readonly JobId?: string;
  /** The failure as a word; missing for success. */
  readonly ErrorCode?: string;
  /** The failure in the vendor's words. */
  readonly ErrorMessage?: string;
};

/** One set of snapshots, and the rule that their addresses follow. */
type SnapshotInfo = {
  /** `success` or `fail`; some types use other words. `ok` says the same as true or false. */
  readonly Status?: string;
  /** `Status` as a yes or no. */
  readonly ok?: boolean;
  /** CoverSnapshot, NormalSnapshot, SpriteSnapshot, WebVttSnapshot, ... */
  readonly SnapshotType?: string;
  /** How many pictures there are. */
  readonly SnapshotCount?: Amount;
  /** A path with `{SnapshotCount}` where the number goes. */
  readonly SnapshotFormat?: string;
  /** The same as a whole http address. */
  readonly SnapshotRegular?: string;
  /** The id that the call of the API returned when the work was ordered. */
  readonly JobId?: string;
};

type DynamicImage = {
  /** `success` or `fail`; some types use other words. `ok` says the same as true or false. */
  readonly Status?: string;
  /** `Status` as a yes or no. */
  readonly ok?: boolean;
  /** The id that the call of the API returned when the work was ordered. */
  readonly JobId?: string;
  /** The address of the file. It may need a signature: see `createUrlSigner`. */
  readonly FileURL?: string;
  /** In bytes. */
  readonly FileSize?: Amount;
  /** Pictures a second. */
  readonly Fps?: Amount;
  /** In pixels. */
  readonly Height?: Amount;
  /** In pixels. */
  readonly Width?: Amount;
};

/** What changed in a field: one of the two is empty when it was new or is gone. */
type Change = {
  readonly OldValue?: string;
  readonly NewValue?: string;
};

export type EventFields = {
  FileUploadComplete: Common & {
    /** The id of the video. */
    readonly VideoId?: string;
    /** In bytes. */
    readonly Size?: Amount;
    /** The address of the file. It may need a signature: see `createUrlSigner`. */
    readonly FileUrl?: string;
  };
  ImageUploadComplete: Common &
    Uploaded & {
      /** The id of the picture. */
      readonly ImageId?: string;
    };
  AttachedMediaUploadComplete: Common &
    Uploaded & {
      /** The id of the attached file. */
      readonly AttachedMediaId?: string;
    };
  UploadByURLComplete: Common & {
    /** The id of the video. */
    readonly VideoId?: string;
    /** The id that the call of the API returned when the work was ordered. */
    readonly JobId?: string;
    /** The address that the file was fetched from. */
    readonly SourceURL?: string;
    /** In bytes. */
    readonly Size?: Amount;
  };
  StreamTranscodeComplete: Common &
    Stream & {
      /** The id of the video. */
      readonly VideoId?: string;
    };
  TranscodeComplete: Common & { readonly VideoId?: string; readonly StreamInfos?: readonly Stream[] };
  SnapshotComplete: Common & {
    /** The id of the video. */
    readonly VideoId?: string;
    /** `SpecifiedTime` for snapshots that SubmitSnapshotJob ordered. */
    readonly SubType?: string;
    /** The address of the cover picture. */
    readonly CoverUrl?: string;
    /** The sets of pictures, each with a `Status` of its own. `snapshotsOf(event)` lists the addresses. */
    readonly SnapshotInfos?: readonly SnapshotInfo[];
  };
  DynamicImageComplete: Common & {
    /** The id of the video. */
    readonly VideoId?: string;
    /** The id that the call of the API returned when the work was ordered. */
    readonly JobId?: string;
    readonly DynamicImageJobInfo?: DynamicImage;
  };
  AddLiveRecordVideoComplete: Common &
    LiveStream & {
      /** The id of the video. */
      readonly VideoId?: string;
      /** ISO time. */
      readonly RecordStartTime?: string;
      /** ISO time. */
      readonly RecordEndTime?: string;
    };
  LiveRecordVideoComposeStart: Common &
    LiveStream & {
      /** The id of the video. */
      readonly VideoId?: string;
    };
  VideoAnalysisComplete: Common & {
    /** The id of the video. */
    readonly VideoId?: string;
    /** In bytes. */
    readonly Size?: Amount;
    /** In seconds. */
    readonly Duration?: Amount;
    /** In kbit/s. */
    readonly Bitrate?: Amount;
    /** Pictures a second. */
    readonly Fps?: Amount;
    /** In pixels. */
    readonly Height?: Amount;
    /** In pixels. */
    readonly Width?: Amount;
  };
  CreateAuditComplete: Common & {
    /** The id of the media file. */
    readonly MediaId?: string;
    readonly SubType?: string;
    /** `Normal` or `Blocked`. */
    readonly AuditStatus?: string;
    readonly CreationTime?: string;
    readonly Auditor?: string;
    readonly Reason?: string;
  };
  AIMediaAuditComplete: Common & AiJob;
  AIMediaDNAComplete: Common &
    AiJob & {
      /** ISO time. */
      readonly CompleteTime?: string;
    };
  AIVideoTagComplete: Common & AiJob;
  ProduceMediaComplete: Common & {
    /** The id of the media file. */
    readonly MediaId?: string;
    /** The id of the editing project. */
    readonly ProjectId?: string;
  };
  DeleteMediaComplete: Common & {
    /** The id of the media file. */
    readonly MediaId?: string;
    /** `video`, `image` or `attached`. */
    readonly MediaType?: string;
    /** `all`, `mezzanine` or `stream`. */
    readonly DeleteType?: string;
    readonly JobIds?: string;
  };
  MediaBaseChangeComplete: Common & {
    /** The id of the media file. */
    readonly MediaId?: string;
    readonly MediaType?: string;
    readonly OperateMode?: string;
    readonly MediaContent?: Partial<Record<"Title" | "Description" | "CoverURL" | "CateId" | "Tags", Change>>;
  };
  UpdateMediaStorageClassComplete: Common & {
    /** The id of the media file. */
    readonly MediaId?: string;
    readonly Scope?: string;
    readonly StorageClass?: string;
    readonly TriggerBy?: string;
  };
  RestoreMediaComplete: Common & {
    /** The id of the media file. */
    readonly MediaId?: string;
    /** ISO time from which on it must be restored again. */
    readonly RestoreExpiration?: string;
  };
  SubmitMediaRefreshComplete: Common & {
    /** The id of the media file. */
    readonly MediaId?: string;
    readonly MediaRefreshJobId?: string;
    /** `Refresh` or `Preload`. */
    readonly TaskType?: string;
    /** Separated by commas. */
    readonly SuccessPlayUrls?: string;
    readonly TaskIds?: string;
    readonly FilterPolicy?: JsonObject;
  };
  WorkflowTaskComplete: Common & {
    /** The id of the workflow. */
    readonly WorkflowId?: string;
    /** The id of the run of the workflow. */
    readonly TaskId?: string;
    /** The id of the video. */
    readonly VideoId?: string;
    /** By the name of the activity. */
    readonly ActivityResults?: JsonObject;
    readonly TaskInput?: JsonObject;
    readonly CreateTime?: string;
    readonly ModifiedTime?: string;
    readonly FinishTime?: string;
  };
};
