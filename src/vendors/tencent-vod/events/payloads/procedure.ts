/** The results of a procedure: of processing, and of review. */
import type * as Sdk from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";
import type * as Has from "./fields.ts";
import type * as Part from "./parts.ts";

export interface Procedure
  extends
    Has.TaskId,
    Has.FileId,
    Has.Named,
    Has.MetaData,
    Has.TasksPriority,
    Has.TasksNotifyMode,
    Has.Session,
    Sdk.ProcedureTask {
  /** `PROCESSING` or `FINISH`. FINISH is not success: each result has a `Status` of its own, and `outcomeOf(event)` reads all. */
  Status?: string;
  /** No longer used by the vendor: each result has its own. */
  ErrCode?: number;
  /** No longer used by the vendor: each result has its own. */
  Message?: string;
  /** Transcoding, pictures and covers, one entry for each sub-task. `mediaOf(event)` and `snapshotsOf(event)` list their files. */
  MediaProcessResultSet?: ProcessResult[];
  /** Reviews of pictures, speech and words on the screen, one entry for each. */
  AiContentReviewResultSet?: ReviewResult[];
  /** Categories, covers, tags and highlights that were found, one entry for each kind. */
  AiAnalysisResultSet?: Sdk.AiAnalysisResult[];
  /** Faces, speech, words on the screen and objects that were found, one entry for each kind. */
  AiRecognitionResultSet?: Sdk.AiRecognitionResult[];
  /** `System` if VOD started it by itself. */
  Operator?: string;
  /** `TSC` if VOD reduced the bitrate by itself. */
  OperationType?: string;
}

interface ProcessResult extends Sdk.MediaProcessTaskResult {
  /**
   * `Transcode`, `AdaptiveDynamicStreaming`, `AnimatedGraphics`, `SnapshotByTimeOffset`, `SampleSnapshot`, `ImageSprites` or
   * `CoverBySnapshot`: it says which one of the fields is filled.
   */
  Type?: string;
  /** A file in another format or size. */
  TranscodeTask?: TranscodeResult;
  /** One address for all bitrates, as HLS or DASH. */
  AdaptiveDynamicStreamingTask?: StreamingResult;
  AnimatedGraphicTask?: AnimationResult;
  /** Pictures of points in time. */
  SnapshotByTimeOffsetTask?: SnapshotResult;
  /** Pictures at even distances. */
  SampleSnapshotTask?: SampleResult;
  /** Small pictures for a player's preview, many on each large one. */
  ImageSpriteTask?: SpriteResult;
  /** A picture that became the cover. */
  CoverBySnapshotTask?: CoverResult;
}

type Transcoded = Sdk.MediaProcessTaskTranscodeResult;
interface TranscodeResult extends Has.PartStatus, Has.ErrCodeExt, Has.Failure, Has.Progress, Has.Times, Transcoded {
  /** As it was ordered. */
  Input?: Part.TranscodeTaskInput;
  /** The file that was made. Missing unless it succeeded. */
  Output?: TranscodeOutput;
}
interface TranscodeOutput
  extends
    Has.Url,
    Has.Definition,
    Has.Bitrate,
    Has.Picture,
    Has.Size,
    Has.Duration,
    Has.Md5,
    Has.Container,
    Has.FileId,
    Sdk.MediaTranscodeItem {
  /** The video streams, one entry for each. */
  VideoStreamSet?: Part.MediaVideoStreamItem[];
  /** The audio streams, one entry for each. */
  AudioStreamSet?: Part.MediaAudioStreamItem[];
}

type Streaming = Sdk.MediaProcessTaskAdaptiveDynamicStreamingResult;
interface StreamingResult extends Has.PartStatus, Has.ErrCodeExt, Has.Failure, Has.Progress, Has.Times, Streaming {
  /** What was made. Missing unless it succeeded. */
  Output?: StreamingOutput;
}
type Streams = Sdk.AdaptiveDynamicStreamingInfoItem;
interface StreamingOutput extends Has.Definition, Has.Url, Has.Size, Streams {
  /** `HLS` or `DASH`. */
  Package?: string;
}

type Animated = Sdk.MediaProcessTaskAnimatedGraphicResult;
interface AnimationResult extends Has.PartStatus, Has.ErrCodeExt, Has.Failure, Has.Progress, Has.Times, Animated {
  Output?: AnimationOutput;
}
interface AnimationOutput
  extends
    Has.Url,
    Has.Definition,
    Has.Container,
    Has.Picture,
    Has.Bitrate,
    Has.Size,
    Has.Md5,
    Sdk.MediaAnimatedGraphicsItem {}

type AtTimes = Sdk.MediaProcessTaskSnapshotByTimeOffsetResult;
interface SnapshotResult extends Has.PartStatus, Has.ErrCodeExt, Has.Failure, Has.Progress, Has.Times, AtTimes {
  Output?: SnapshotOutput;
}
type Snapshots = Sdk.MediaSnapshotByTimeOffsetItem;
interface SnapshotOutput extends Has.Definition, Snapshots {
  PicInfoSet?: Snapshot[];
}
type OneSnapshot = Sdk.MediaSnapshotByTimePicInfoItem;
interface Snapshot extends Has.Url, OneSnapshot {
  /** Milliseconds into the video. */
  TimeOffset?: number;
}

type Sampled = Sdk.MediaProcessTaskSampleSnapshotResult;
interface SampleResult extends Has.PartStatus, Has.ErrCodeExt, Has.Failure, Has.Progress, Has.Times, Sampled {
  Output?: SampleOutput;
}
interface SampleOutput extends Has.Definition, Sdk.MediaSampleSnapshotItem {
  /** The addresses of the pictures, in order. */
  ImageUrlSet?: string[];
}

type Sprites = Sdk.MediaProcessTaskImageSpriteResult;
interface SpriteResult extends Has.PartStatus, Has.ErrCodeExt, Has.Failure, Has.Progress, Has.Times, Sprites {
  Output?: SpriteOutput;
}
interface SpriteOutput extends Has.Definition, Has.Picture, Sdk.MediaImageSpriteItem {
  /** Small pictures on each large one. */
  TotalCount?: number;
  /** The addresses of the large pictures. */
  ImageUrlSet?: string[];
  /** The address of the WebVTT file, which says where the picture of each moment is. */
  WebVttUrl?: string;
}

type Cover = Sdk.MediaProcessTaskCoverBySnapshotResult;
interface CoverResult extends Has.PartStatus, Has.ErrCodeExt, Has.Failure, Has.Progress, Has.Times, Cover {
  /** As it was ordered. */
  Input?: Part.CoverBySnapshotTaskInput;
  /** The picture. Missing unless it succeeded. */
  Output?: CoverOutput;
}
interface CoverOutput extends Has.CoverUrl, Sdk.CoverBySnapshotTaskOutput {}

interface ReviewResult extends Sdk.AiContentReviewResult {
  /** Which of the fields is filled: `Porn`, `Terrorism`, `Political`, `Porn.Asr` (speech), `Porn.Ocr` (words on the screen), ... */
  Type?: string;
  /** Nudity in the pictures. */
  PornTask?: PornReview;
}

type Porn = Sdk.AiReviewTaskPornResult;
interface PornReview extends Has.PartStatus, Has.ErrCodeExt, Has.Failure, Has.Progress, Porn {
  Output?: PornOutput;
}
interface PornOutput extends Sdk.AiReviewPornTaskOutput {
  /** From 0 to 100. */
  Confidence?: number;
  /** `pass`, `review` (by a person) or `block`. */
  Suggestion?: string;
}
