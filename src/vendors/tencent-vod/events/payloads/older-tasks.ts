/** The payloads of the tasks of 2017, each of which has one purpose. */
import type * as Sdk from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";
import type * as Has from "./fields.ts";

export interface Transcoding
  extends Has.TaskId, Has.Failure, Has.FileId, Has.FileName, Has.Duration, Has.CoverUrl, Sdk.TranscodeTask2017 {
  /** The files that were made, one for each template. */
  PlayInfoSet?: PlayInfo[];
}
interface PlayInfo extends Has.Url, Has.Definition, Has.Bitrate, Has.Picture, Sdk.TranscodePlayInfo2017 {}

export interface Concatenation extends Has.TaskId, Sdk.ConcatTask2017 {
  /** The files that were put together, each with an `ErrCode` of its own. `outcomeOf(event)` reads them. */
  FileInfoSet?: ConcatFile[];
}
interface ConcatFile extends Has.Failure, Has.FileId, Has.FileUrl, Has.FileType, Sdk.ConcatFileInfo2017 {}

export interface Clipping extends Has.TaskId, Sdk.ClipTask2017 {
  /** The id of the file that was clipped. */
  SrcFileId?: string;
  /** The file that was made, with an `ErrCode` of its own. */
  FileInfo?: ClipFile;
}
interface ClipFile extends Has.Failure, Has.FileId, Has.FileUrl, Has.FileType, Sdk.ClipFileInfo2017 {}

type OldSprites = Sdk.CreateImageSpriteTask2017;
export interface ImageSprites extends Has.TaskId, Has.Failure, Has.FileId, Has.Definition, OldSprites {
  /** Small pictures in all. */
  TotalCount?: number;
  /** The addresses of the large pictures. */
  ImageSpriteUrlSet?: string[];
  /** The address of the WebVTT file, which says where the picture of each moment is. */
  WebVttUrl?: string;
}

type OldSnapshots = Sdk.SnapshotByTimeOffsetTask2017;
export interface Snapshots extends Has.TaskId, Has.FileId, Has.Definition, OldSnapshots {
  /** The pictures, each with an `ErrCode` of its own. `snapshotsOf(event)` lists them. */
  SnapshotInfoSet?: SnapshotInfo[];
}
type OldSnapshot = Sdk.SnapshotByTimeOffset2017;
interface SnapshotInfo extends Has.ErrCode, Has.Url, OldSnapshot {
  /** Milliseconds into the video. */
  TimeOffset?: number;
}
