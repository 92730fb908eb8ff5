/**
 * Fields that mean the same wherever they occur in Tencent VOD's events, described in English: the comments of the
 * vendor's SDK are in Chinese only. Each is an interface of its own. An editor shows a field's description only if the
 * type declares the field itself, and loses it in `Pick` or `Partial`. The compiler checks each against the SDK's own
 * type.
 */
import type { FileInfo, FileMetaData } from "./files.ts";

export interface FileId {
  /** The id of the media file in VOD. */
  FileId?: string;
}
export interface FileName {
  /** The name of the media file. */
  FileName?: string;
}
export interface FileUrl {
  /** The address of the file. It may need a signature: see `createUrlSigner`. */
  FileUrl?: string;
}
export interface FileType {
  /** The format, such as `mp4`. */
  FileType?: string;
}
export interface MediaName {
  /** The name of the file that was made. */
  MediaName?: string;
}
export interface ClassId {
  /** The id of the file's category; 0 for none. */
  ClassId?: number;
}
export interface ExpireTime {
  /** ISO time at which the file is deleted; `9999-12-31T23:59:59Z` for never. */
  ExpireTime?: string;
}
export interface MediaBasicInfo {
  /** The file itself: name, cover, address, tags, where it came from. */
  MediaBasicInfo?: FileInfo;
}
export interface MetaData {
  /** Size, duration, and the audio and video streams. Missing until VOD has looked into the file. */
  MetaData?: FileMetaData;
}
interface ProcedureTaskId {
  /** The id of the procedure that was started for the file. `ProcedureStateChanged` reports it as `TaskId`. */
  ProcedureTaskId?: string;
}
interface ReviewAudioVideoTaskId {
  /** The id of the review that was started for the file. `ReviewAudioVideoComplete` reports it as `TaskId`. */
  ReviewAudioVideoTaskId?: string;
}
export interface Definition {
  /** The template that the file was made with. */
  Definition?: number;
}
export interface SourceDefinition {
  /** The template of the stream that was taken; 0 for the original file. */
  SourceDefinition?: number;
}
export interface Url {
  /** The address of the file that was made. It may need a signature: see `createUrlSigner`. */
  Url?: string;
}
export interface CoverUrl {
  /** The address of the cover picture. */
  CoverUrl?: string;
}
export interface Bitrate {
  /** Of audio and video together, in bit/s. */
  Bitrate?: number;
}
interface Height {
  /** In pixels. */
  Height?: number;
}
interface Width {
  /** In pixels. */
  Width?: number;
}
export interface Size {
  /** In bytes; of HLS, playlists and segments together. */
  Size?: number;
}
export interface Duration {
  /** In seconds. */
  Duration?: number;
}
export interface Container {
  /** The format of the file, such as `mp4`. It may list several that fit: `mov,mp4,m4a`. */
  Container?: string;
}
export interface Md5 {
  /** Empty where VOD has not been asked for it. */
  Md5?: string;
}
export interface Progress {
  /** From 0 to 100. */
  Progress?: number;
}
interface BeginProcessTime {
  /** ISO time at which the work began. */
  BeginProcessTime?: string;
}
interface FinishTime {
  /** ISO time at which the work ended. */
  FinishTime?: string;
}
export interface TaskId {
  /** The id that the call of the API returned when the work was ordered. */
  TaskId?: string;
}
interface Status {
  /** `WAITING`, `PROCESSING` or `FINISH`. FINISH is not success: ask `outcomeOf(event)`. */
  Status?: string;
}
export interface ErrCode {
  /** 0 for success. `outcomeOf(event)` reads it with `ErrCodeExt`. */
  ErrCode?: number;
}
export interface ErrCodeExt {
  /** The reason of a failure, as a word; empty for success. */
  ErrCodeExt?: string;
}
export interface Message {
  /** The failure in the vendor's words. */
  Message?: string;
}
interface SessionContext {
  /** The text that you passed along when the work was ordered. */
  SessionContext?: string;
}
interface SessionId {
  /** The id that you gave the order. A second order with the same id within seven days is refused. */
  SessionId?: string;
}
export interface TasksPriority {
  /** From -10 to 10. */
  TasksPriority?: number;
}
export interface TasksNotifyMode {
  /** `Finish`: one event when all is done. `Change`: one for each change of a sub-task. */
  TasksNotifyMode?: string;
}
export interface PartStatus {
  /** `PROCESSING`, `SUCCESS` or `FAIL`. `outcomeOf(event).parts` has it for each sub-task. */
  Status?: string;
}

export interface Session extends SessionId, SessionContext {}

export interface Failure extends ErrCode, Message {}

export interface Order extends TaskId, Status {}

export interface Started extends ProcedureTaskId, ReviewAudioVideoTaskId {}

export interface Named extends FileName, FileUrl {}

export interface Times extends BeginProcessTime, FinishTime {}

export interface Picture extends Height, Width {}
