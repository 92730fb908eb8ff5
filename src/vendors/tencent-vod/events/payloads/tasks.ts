/** The payloads of most types. Procedures, watermarks, generative and older tasks have files of their own. */
import type * as Sdk from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";
import type * as Has from "./fields.ts";
import type * as Part from "./parts.ts";

export interface FileUpload extends Has.FileId, Has.MediaBasicInfo, Has.Started, Has.MetaData, Sdk.FileUploadTask {}

export interface FileDeletion extends Sdk.FileDeleteTask {
  /** The ids of the files that were deleted, wholly or in part. */
  FileIdSet?: string[];
  /** Which parts of each file were deleted. */
  FileDeleteResultInfo?: DeletedFile[];
}
interface DeletedFile extends Has.FileId, Sdk.FileDeleteResultItem {
  /** Its `Type` is `OriginalFiles`, `TranscodeFiles`, and more. Empty if the whole file was deleted. */
  DeleteParts?: Part.MediaDeleteItem[];
}

export interface Restoration extends Sdk.RestoreMediaTask {
  /** The id of the media file in VOD. */
  FileId?: string;
  /** The storage class before, such as `ARCHIVE`. */
  OriginalStorageClass?: string;
  /** The storage class now; the same as before if the file was restored for some days only. */
  TargetStorageClass?: string;
  /** `Expedited`, `Standard` or `Bulk`. */
  RestoreTier?: string;
  /** For how many days; 0 for good. */
  RestoreDay?: number;
  /** No longer used by the vendor. */
  Status?: number;
  /** No longer used by the vendor. */
  Message?: string;
}

export interface PullUpload
  extends
    Has.Order,
    Has.Failure,
    Has.MediaBasicInfo,
    Has.MetaData,
    Has.Started,
    Has.Session,
    Has.Progress,
    Sdk.PullUploadTask {
  /** The id of the new file. Empty unless it was pulled. */
  FileId?: string;
  /** The address that the file was pulled from. */
  FileUrl?: string;
}

type OfEdit = Sdk.EditMediaTaskOutput;
interface EditOutput
  extends Has.FileType, Has.FileUrl, Has.FileId, Has.MediaName, Has.ClassId, Has.ExpireTime, OfEdit {}
export interface Edit
  extends
    Has.Order,
    Has.Failure,
    Has.ErrCodeExt,
    Has.Progress,
    Has.MetaData,
    Has.Started,
    Has.Session,
    Sdk.EditMediaTask {
  /** The files or streams that were put together, and how. */
  Input?: Part.EditMediaTaskInput;
  /** The file that was made. Missing unless it succeeded. */
  Output?: EditOutput;
}

type Segment = Sdk.SplitMediaTaskSegmentInfo;
export interface Split extends Has.Order, Has.ErrCodeExt, Has.Failure, Has.Session, Has.Progress, Sdk.SplitMediaTask {
  /** The files that it was split into. */
  FileInfoSet?: SplitPart[];
}
interface SplitPart extends Has.Started, Segment {
  /** From and to where, as it was ordered. */
  Input?: Sdk.SplitMediaTaskInput;
  /** The file that was made. */
  Output?: SplitOutput;
}
interface SplitOutput extends Has.FileId, Has.MediaBasicInfo, Sdk.TaskOutputMediaInfo {}

type OfComposition = Sdk.ComposeMediaTaskOutput;
interface ComposeOutput
  extends Has.FileType, Has.FileId, Has.FileUrl, Has.MediaName, Has.ClassId, Has.ExpireTime, OfComposition {}
export interface Composition
  extends Has.Order, Has.Failure, Has.Progress, Has.MetaData, Has.Session, Sdk.ComposeMediaTask {
  /** The tracks, as they were ordered. */
  Input?: Part.ComposeMediaTaskInput;
  /** The file that was made. Missing unless it succeeded. */
  Output?: ComposeOutput;
}

export interface WechatPublication
  extends Has.Order, Has.Failure, Has.FileId, Has.Definition, Has.SourceDefinition, Sdk.WechatPublishTask {
  /** `SUCCESS`, `FAIL`, `AUDITNOTPASS` or `NOTTRIGGERED`. */
  WechatStatus?: string;
  /** The id of the video at WeChat. */
  WechatVid?: string;
  /** The address of the video at WeChat. */
  WechatUrl?: string;
}
type MiniProgram = Sdk.WechatMiniProgramPublishTask;
export interface MiniProgramPublication extends Has.Order, Has.Failure, Has.FileId, Has.SourceDefinition, MiniProgram {
  /** `Pass`, `Failed` or `Rejected` (by the review). */
  PublishResult?: string;
}

type Cleaned = Sdk.RemoveWaterMarkTaskOutput;
interface CleanedOutput extends Has.FileId, Has.FileType, Has.FileUrl, Has.MediaName, Has.MetaData, Cleaned {}
export interface WatermarkRemoval extends Has.Order, Has.ErrCodeExt, Has.Failure, Has.Session, Sdk.RemoveWatermarkTask {
  /** As it was ordered. */
  Input?: Part.RemoveWaterMarkTaskInput;
  /** The file that was made. Missing unless it succeeded. */
  Output?: CleanedOutput;
}

type Rebuilt = Sdk.RebuildMediaTaskOutput;
interface RebuiltOutput
  extends Has.FileType, Has.FileUrl, Has.FileId, Has.MediaName, Has.ClassId, Has.ExpireTime, Rebuilt {}
export interface Rebuilding
  extends Has.Order, Has.Failure, Has.ErrCodeExt, Has.Progress, Has.MetaData, Has.Session, Sdk.RebuildMediaTask {
  /** As it was ordered. */
  Input?: Part.RebuildMediaTaskInput;
  /** The file that was made. Missing unless it succeeded. */
  Output?: RebuiltOutput;
}

type Enhanced = Sdk.QualityEnhanceTaskOutput;
interface EnhancedOutput
  extends Has.FileType, Has.FileUrl, Has.FileId, Has.MediaName, Has.ClassId, Has.ExpireTime, Enhanced {}
export interface Enhancement
  extends Has.Order, Has.Failure, Has.ErrCodeExt, Has.Progress, Has.MetaData, Has.Session, Sdk.QualityEnhanceTask {
  /** As it was ordered. */
  Input?: Part.QualityEnhanceTaskInput;
  /** The file that was made. Missing unless it succeeded. */
  Output?: EnhancedOutput;
}

export interface Inspection
  extends Has.Order, Has.ErrCodeExt, Has.Message, Has.MetaData, Has.Session, Sdk.QualityInspectTask {
  /** As it was ordered. */
  Input?: Part.QualityInspectTaskInput;
  /** What was found. */
  Output?: InspectionOutput;
}
interface InspectionOutput extends Sdk.QualityInspectTaskOutput {
  /** 1 if there is no sound. */
  NoAudio?: number;
  /** 1 if there is no picture. */
  NoVideo?: number;
  /** From 0 to 100. */
  QualityEvaluationScore?: number;
  /** The faults that were found, one entry for each kind. */
  QualityInspectResultSet?: Sdk.QualityInspectResultItem[];
}

export interface Review extends Has.Order, Has.ErrCodeExt, Has.Message, Has.Session, Sdk.ReviewAudioVideoTask {
  /** As it was ordered. */
  Input?: Part.ReviewAudioVideoTaskInput;
  /** The judgement. Missing unless the review was done. */
  Output?: ReviewOutput;
}
interface ReviewOutput extends Sdk.ReviewAudioVideoTaskOutput {
  /** `pass`, `review` (by a person) or `block`. A blocked video is a review that succeeded. */
  Suggestion?: string;
  /** The most likely reason, unless it passes: `Porn`, `Terror`, `Polity`, `Ad`, `Illegal`, `Abuse`, `Moan`. */
  Label?: string;
  /** Where it was found: `Image`, `OCR` (words on the screen), `ASR` (speech) or `Voice`. */
  Form?: string;
  /** The first ten places; `SegmentSetFileUrl` has all. */
  SegmentSet?: Part.ReviewAudioVideoSegmentItem[];
  /** The address of a JSON file with all places. */
  SegmentSetFileUrl?: string;
  /** ISO time until which that file is kept. */
  SegmentSetFileUrlExpireTime?: string;
}

type Attributes = Sdk.DescribeFileAttributesTask;
export interface FileAttributes
  extends Has.Order, Has.Failure, Has.ErrCodeExt, Has.Progress, Has.FileId, Has.Session, Attributes {
  /** The file's `Md5` and `Sha1`. */
  Output?: Part.DescribeFileAttributesTaskOutput;
}

export interface Reduction
  extends
    Has.Order,
    Has.FileId,
    Has.Named,
    Has.MetaData,
    Has.TasksPriority,
    Has.TasksNotifyMode,
    Has.Session,
    Sdk.ReduceMediaBitrateTask {
  /** One entry for each sub-task, with a `Status` of its own. */
  MediaProcessResultSet?: Sdk.ReduceMediaBitrateMediaProcessTaskResult[];
}

export interface MediaCast extends Sdk.MediaCastEvent {
  /** The id of the cast. */
  CastId?: string;
  /** `Working`, `Scheduled`, `Stopped` or `Idle`. */
  Status?: string;
}

export interface Persistence extends Sdk.PersistenceCompleteTask {
  /** The id of the new file. */
  FileId?: string;
  /** What the clip was made by: `SimpleHlsClip`, `FastEditMedia` or `LiveRealTimeClip`. */
  PersistenceSource?: string;
}

type Complex = Sdk.ComplexAdaptiveDynamicStreamingTask;
export interface ComplexStreaming extends Has.Order, Complex {
  /** One entry for each packaging, with a `Status` of its own. */
  ComplexAdaptiveDynamicStreamingTaskResultSet?: ComplexResult[];
}
type ComplexPart = Sdk.ComplexAdaptiveDynamicStreamingTaskResult;
interface ComplexResult extends Has.PartStatus, Has.ErrCodeExt, Has.Message, Has.Progress, ComplexPart {
  /** What was made. Missing unless it succeeded. */
  Output?: Part.ComplexAdaptiveDynamicStreamingTaskOutput;
}

export interface MpsProcessing extends Has.Order, Has.Failure, Sdk.ProcessMediaByMPS {
  /** One entry for each sub-task, with a `Status` of its own; `ErrCode` is a text there. */
  SubTaskSet?: Part.MPSSubTaskResult[];
}
