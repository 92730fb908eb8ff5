/** A media file, as VOD knows it. */
import type * as Sdk from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";
import type * as Has from "./fields.ts";
import type * as Part from "./parts.ts";

export interface FileInfo extends Has.ExpireTime, Has.ClassId, Has.CoverUrl, Sdk.MediaBasicInfo {
  /** The name that the file was uploaded under, or given later. */
  Name?: string;
  /** The description that the file was given. */
  Description?: string;
  /** ISO time. */
  CreateTime?: string;
  /** ISO time of the last change of the file or of what VOD says about it. */
  UpdateTime?: string;
  /** The name of the file's category. */
  ClassName?: string;
  /** The category as a path, such as `Series - First season`. */
  ClassPath?: string;
  /** The format, such as `mp4`. */
  Type?: string;
  /** The address of the original file. It may need a signature: see `createUrlSigner`. */
  MediaUrl?: string;
  /** Where it came from: an upload, or a recording of a live stream, with the context that you passed along. */
  SourceInfo?: FileSource;
  /** Such as `ap-chongqing`. */
  StorageRegion?: string;
  /** The tags that the file was given. */
  TagSet?: string[];
  /** The id of the recording, if it was recorded live. */
  Vid?: string;
  /** `Video`, `Audio` or `Image`. */
  Category?: string;
  /** `Normal` or `Forbidden`. */
  Status?: string;
  /** `STANDARD`, `STANDARD_IA`, `ARCHIVE` or `DEEP_ARCHIVE`. */
  StorageClass?: string;
}

interface FileSource extends Sdk.MediaSourceData {
  /** `Upload`, `Record` (live), `TrtcRecord`, and more. */
  SourceType?: string;
  /** The text that you passed along with the upload. */
  SourceContext?: string;
}

export interface FileMetaData
  extends Has.Size, Has.Container, Has.Bitrate, Has.Picture, Has.Duration, Has.Md5, Sdk.MediaMetaData {
  /** Degrees by which the picture is turned. */
  Rotate?: number;
  /** The video streams, one entry for each. */
  VideoStreamSet?: Part.MediaVideoStreamItem[];
  /** The audio streams, one entry for each. */
  AudioStreamSet?: Part.MediaAudioStreamItem[];
  /** In seconds. */
  VideoDuration?: number;
  /** In seconds. */
  AudioDuration?: number;
}
