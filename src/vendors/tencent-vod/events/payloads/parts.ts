/** The lesser parts of events: streams, orders, places in a video. Named as in the SDK, with English words on the fields. */
import type * as Sdk from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";

export interface MediaAudioStreamItem extends Sdk.MediaAudioStreamItem {
  /** In bit/s. */
  Bitrate?: number;
  /** In Hz. */
  SamplingRate?: number;
  /** Such as `aac`. */
  Codec?: string;
}
export interface MediaVideoStreamItem extends Sdk.MediaVideoStreamItem {
  /** In bit/s. */
  Bitrate?: number;
  /** In pixels. */
  Height?: number;
  /** In pixels. */
  Width?: number;
  /** Such as `h264`. */
  Codec?: string;
  /** Pictures a second. */
  Fps?: number;
}
export interface MediaDeleteItem extends Sdk.MediaDeleteItem {
  /** `OriginalFiles`, `TranscodeFiles`, and more. */
  Type: string;
  /** Only files of this template; 0 or missing for all of the type. */
  Definition?: number;
}
export interface DescribeFileAttributesTaskOutput extends Sdk.DescribeFileAttributesTaskOutput {
  /** Of the file. */
  Md5?: string;
  /** Of the file. */
  Sha1?: string;
}
export interface TranscodeTaskInput extends Sdk.TranscodeTaskInput {
  /** The template to transcode with. */
  Definition: number;
}
export interface CoverBySnapshotTaskInput extends Sdk.CoverBySnapshotTaskInput {
  /** The template of the snapshot. */
  Definition: number;
  /** `Time` or `Percent`: how `PositionValue` is meant. */
  PositionType: string;
  /** The second of the video, or the part of it in percent. */
  PositionValue: number;
}
export interface ReviewAudioVideoTaskInput extends Sdk.ReviewAudioVideoTaskInput {
  /** The id of the file that was reviewed. */
  FileId?: string;
  /** The template of the review. */
  Definition?: number;
  /** `Media`, `Cover`, or both. */
  ReviewContents?: string[];
}
export interface ReviewAudioVideoSegmentItem extends Sdk.ReviewAudioVideoSegmentItem {
  /** In seconds. */
  StartTimeOffset?: number;
  /** In seconds. */
  EndTimeOffset?: number;
  /** How likely it is, as a score. */
  Confidence?: number;
  /** `review` (by a person) or `block`. */
  Suggestion?: string;
  /** The most likely reason: `Porn`, `Terror`, `Polity`, `Ad`, and more. */
  Label?: string;
  /** The reason more exactly. */
  SubLabel?: string;
  /** Where it was found: `Image`, `OCR` (words on the screen), `ASR` (speech) or `Voice`. */
  Form?: string;
  /** In pixels: left, top, right, bottom. For `Image` and `OCR`. */
  AreaCoordSet?: (number | bigint)[];
  /** The words that were found. For `OCR` and `ASR`. */
  Text?: string;
  /** The forbidden words among them. For `OCR` and `ASR`. */
  KeywordSet?: string[];
}
export interface QualityInspectTaskInput extends Sdk.QualityInspectTaskInput {
  /** The id of the file that was inspected. */
  FileId?: string;
  /** The template of the inspection. */
  Definition?: number;
}
export interface ComplexAdaptiveDynamicStreamingTaskOutput extends Sdk.ComplexAdaptiveDynamicStreamingTaskOutput {
  /** The template that it was made with. */
  Definition?: number;
  /** `HLS` or `MPEG-DASH`. */
  Format?: string;
  /** How it is encrypted, such as `SimpleAES`, `Widevine` or `FairPlay`; empty if it is not. */
  DrmType?: string;
  /** The address to play it at. */
  Url?: string;
}
export interface MPSSubTaskResult extends Sdk.MPSSubTaskResult {
  /** Such as `MediaProcess.Transcode` or `AiAnalysis.DeLogo`. */
  TaskType?: string;
  /** `PROCESSING`, `SUCCESS` or `FAIL`. `outcomeOf(event).parts` has it for each sub-task. */
  Status?: string;
  /** "0" for success. */
  ErrCode?: string;
  /** The failure in the vendor's words. */
  Message?: string;
  /** As it was ordered: JSON in a text. */
  Input?: string;
}
export interface ExtractTraceWatermarkTaskInput extends Sdk.ExtractTraceWatermarkTaskInput {
  /** The address of the media with the watermark. */
  Url?: string;
  /** The id of the original file. */
  FileId?: string;
}
export interface ExtractTraceWatermarkTaskOutput extends Sdk.ExtractTraceWatermarkTaskOutput {
  /** The id of the viewer: six hexadecimal digits. */
  Uv?: string;
  /** No longer used by the vendor. */
  Uid?: string;
}
export interface ExtractCopyRightWatermarkTaskInput extends Sdk.ExtractCopyRightWatermarkTaskInput {
  /** The address of the media with the watermark. */
  Url?: string;
}
export interface ExtractCopyRightWatermarkTaskOutput extends Sdk.ExtractCopyRightWatermarkTaskOutput {
  /** The words of the watermark. */
  Text?: string;
}
export interface ExtractBlindWatermarkInputInfo extends Sdk.ExtractBlindWatermarkInputInfo {
  /** `FILEID` or `URL`: which field is filled. */
  Type: string;
  /** The id of the file with the watermark. */
  FileId?: string;
}
export interface ExtractBlindWatermarkTaskConfig extends Sdk.ExtractBlindWatermarkTaskConfig {
  /** In milliseconds; 5 seconds if missing. For `blind-abseq` only. */
  SegmentDuration: number;
}
interface EditMediaFileInfo extends Sdk.EditMediaFileInfo {
  /** The id of the file. */
  FileId: string;
  /** In seconds. */
  StartTimeOffset?: number;
  /** In seconds. */
  EndTimeOffset?: number;
}
export interface EditMediaTaskInput extends Sdk.EditMediaTaskInput {
  /** `File` or `Stream`: which field is filled. */
  InputType?: string;
  /** The files, if they are files. */
  FileInfoSet?: EditMediaFileInfo[];
}
interface EmptyTrackItem extends Sdk.EmptyTrackItem {
  /** In seconds. */
  Duration: number;
}
interface AudioTrackItem extends Sdk.AudioTrackItem {
  /** The id of a file in VOD, or an address. */
  SourceMedia: string;
  /** In seconds; missing for all of it. */
  Duration?: number;
  /** Where in the source it begins, in seconds. */
  SourceMediaStartTime?: number;
}
interface VideoTrackItem extends Sdk.VideoTrackItem {
  /** The id of a file in VOD, or an address. */
  SourceMedia: string;
  /** In seconds; missing for all of it. */
  Duration?: number;
}
interface MediaTrackItem extends Sdk.MediaTrackItem {
  /** `Video`, `Audio`, `Sticker`, `Transition` or `Empty`: which field is filled. */
  Type: string;
  /** For `Video`. */
  VideoItem?: VideoTrackItem;
  /** For `Audio`. */
  AudioItem?: AudioTrackItem;
  /** A gap, for `Empty`. */
  EmptyItem?: EmptyTrackItem;
}
interface MediaTrack extends Sdk.MediaTrack {
  /** What the track holds, such as `Video` or `Audio`. */
  Type: string;
  /** What it plays, in order. */
  TrackItems: MediaTrackItem[];
}
interface Canvas extends Sdk.Canvas {
  /** Of the background: `Black` or `White`. */
  Color?: string;
  /** In pixels; 0 for that of the first video. */
  Width?: number;
  /** In pixels; 0 for that of the first video. */
  Height?: number;
}
interface ComposeMediaOutput extends Sdk.ComposeMediaOutput {
  /** The name of the file to be made. */
  FileName: string;
  /** `mp4`, or `mp3` for sound alone. */
  Container?: string;
}
export interface ComposeMediaTaskInput extends Sdk.ComposeMediaTaskInput {
  /** Video, audio and pictures, each kind on tracks of its own. */
  Tracks: MediaTrack[];
  /** The size and the background of the picture. */
  Canvas: Canvas;
  /** The file to be made. */
  Output: ComposeMediaOutput;
}
export interface RemoveWaterMarkTaskInput extends Sdk.RemoveWaterMarkTaskInput {
  /** The id of the file that had the watermark. */
  FileId?: string;
}
export interface RebuildMediaTaskInput extends Sdk.RebuildMediaTaskInput {
  /** The id of the source. */
  FileId?: string;
  /** Where in the source it begins, in seconds. */
  StartTimeOffset?: number;
  /** Where in the source it ends, in seconds. */
  EndTimeOffset?: number;
  /** The template it was ordered with. */
  Definition?: number;
}
export interface QualityEnhanceTaskInput extends Sdk.QualityEnhanceTaskInput {
  /** The id of the source. */
  FileId?: string;
  /** The template it was ordered with. */
  Definition?: number;
}
