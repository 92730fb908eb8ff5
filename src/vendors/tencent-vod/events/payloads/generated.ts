/** The orders and the results of generative tasks. Named as in the SDK, with English descriptions of the fields. */
import type * as Sdk from "tencentcloud-sdk-nodejs-vod/tencentcloud/services/vod/v20180717/vod_models.js";
import type { FileMetaData } from "./files.ts";

interface AigcImageTaskInput extends Sdk.AigcImageTaskInput {
  /** The model. */
  ModelName?: string;
  /** The version of the model. */
  ModelVersion?: string;
  /** The pictures that were passed in. */
  FileInfos?: Sdk.AigcImageTaskInputFileInfo[];
  /** What to make, in words. */
  Prompt?: string;
}
interface AigcImageTaskOutputFileInfo extends Sdk.AigcImageTaskOutputFileInfo {
  /** `Permanent` or `Temporary`. */
  StorageMode?: string;
  /** Such as `png` or `jpg`. */
  FileType?: string;
  /** The id of the media file in VOD, if it is permanent. */
  FileId?: string;
  /** The address of the file. */
  FileUrl?: string;
  /** The name of the file that was made, if it is permanent. */
  MediaName?: string;
  /** The id of the file's category, if it is permanent. */
  ClassId?: number;
  /** ISO time at which the file is deleted. */
  ExpireTime?: string;
}
interface AigcImageTaskOutput extends Sdk.AigcImageTaskOutput {
  /** The pictures that were made. */
  FileInfos?: AigcImageTaskOutputFileInfo[];
}
export interface AigcImageTask extends Sdk.AigcImageTask {
  /** The order. */
  Input?: AigcImageTaskInput;
  /** What was made. */
  Output?: AigcImageTaskOutput;
}
interface AigcVideoTaskInput extends Sdk.AigcVideoTaskInput {
  /** The model. */
  ModelName?: string;
  /** The version of the model. */
  ModelVersion?: string;
  /** The files that were passed in. */
  FileInfos?: Sdk.AigcVideoTaskInputFileInfo[];
  /** What to make, in words. */
  Prompt?: string;
}
interface AigcVideoTaskOutputFileInfo extends Sdk.AigcVideoTaskOutputFileInfo {
  /** `Permanent` or `Temporary`. */
  StorageMode?: string;
  /** Such as `mp4`. */
  FileType?: string;
  /** The id of the media file in VOD, if it is permanent. */
  FileId?: string;
  /** The address of the file. */
  FileUrl?: string;
  /** The name of the file that was made, if it is permanent. */
  MediaName?: string;
  /** The id of the file's category, if it is permanent. */
  ClassId?: number;
  /** ISO time at which the file is deleted. */
  ExpireTime?: string;
  /** Size, duration, and the audio and video streams, if it is permanent. */
  MetaData?: FileMetaData;
}
interface AigcVideoTaskOutput extends Sdk.AigcVideoTaskOutput {
  /** The videos that were made. */
  FileInfos?: AigcVideoTaskOutputFileInfo[];
  /** The ids of the procedures that were started for them. */
  ProcedureTaskIds?: string[];
}
export interface AigcVideoTask extends Sdk.AigcVideoTask {
  /** The order. */
  Input?: AigcVideoTaskInput;
  /** What was made. */
  Output?: AigcVideoTaskOutput;
}
interface AigcImageSceneInfo extends Sdk.AigcImageSceneInfo {
  /** `ai_try_on` (clothes on a person), `product_image`, `outpainting`, and older ones. */
  Type: string;
}
interface SceneAigcImageTaskInputFileInfo extends Sdk.SceneAigcImageTaskInputFileInfo {
  /** `File` or `Url`: which field is filled. */
  Type?: string;
  /** The id of the picture in VOD. */
  FileId?: string;
}
interface SceneAigcImageTaskInput extends Sdk.SceneAigcImageTaskInput {
  /** The kind of picture to make. */
  SceneInfo?: AigcImageSceneInfo;
  /** The pictures that were passed in. */
  FileInfos?: SceneAigcImageTaskInputFileInfo[];
}
interface SceneAigcImageTaskOutputFileInfo extends Sdk.SceneAigcImageTaskOutputFileInfo {
  /** `Permanent` or `Temporary`. */
  StorageMode?: string;
  /** Such as `png`. */
  FileType?: string;
  /** The id of the media file in VOD, if it is permanent. */
  FileId?: string;
  /** The address of the file. */
  FileUrl?: string;
  /** The name of the file that was made, if it is permanent. */
  MediaName?: string;
  /** The id of the file's category, if it is permanent. */
  ClassId?: number;
  /** ISO time at which the file is deleted. */
  ExpireTime?: string;
}
interface SceneAigcImageTaskOutput extends Sdk.SceneAigcImageTaskOutput {
  /** The pictures that were made. */
  FileInfos?: SceneAigcImageTaskOutputFileInfo[];
}
export interface SceneAigcImageTask extends Sdk.SceneAigcImageTask {
  /** The order. */
  Input?: SceneAigcImageTaskInput;
  /** What was made. */
  Output?: SceneAigcImageTaskOutput;
}
interface ImageEncodeConfig extends Sdk.ImageEncodeConfig {
  /** `JPEG`, `PNG`, `BMP` or `WebP`; missing for that of the source. */
  Format?: string;
  /** From 1 to 100, of the source's quality. */
  Quality?: number;
}
export interface ProcessImageAsyncTask extends Sdk.ProcessImageAsyncTask {
  /** The format and the quality of the picture to be made. */
  EncodeConfig?: ImageEncodeConfig;
}
interface CreateAigcAdvancedCustomElementInput extends Sdk.CreateAigcAdvancedCustomElementInput {
  /** The name of the element. */
  ElementName?: string;
  /** The element in words. */
  ElementDescription?: string;
  /** What it is made after. */
  ReferenceType?: string;
}
interface AdvancedElementInfo extends Sdk.AdvancedElementInfo {
  /** The id of the element. */
  ElementId?: string;
  /** More about the element. */
  ElementInfo?: string;
}
interface CreateAigcAdvancedCustomElementOutput extends Sdk.CreateAigcAdvancedCustomElementOutput {
  /** The elements that were made. */
  InfoList?: AdvancedElementInfo[];
}
export interface CreateAigcAdvancedCustomElementTask extends Sdk.CreateAigcAdvancedCustomElementTask {
  /** The order. */
  Input?: CreateAigcAdvancedCustomElementInput;
  /** What was made. */
  Output?: CreateAigcAdvancedCustomElementOutput;
}
interface CreateAigcCustomVoiceInput extends Sdk.CreateAigcCustomVoiceInput {
  /** The name of the voice. */
  VoiceName?: string;
  /** The address of the recording that it is made after. */
  VoiceUrl?: string;
}
interface CustomVoiceInfo extends Sdk.CustomVoiceInfo {
  /** The id of the voice. */
  VoiceId?: string;
  /** More about the voice. */
  VoiceInfo?: string;
}
interface CreateAigcCustomVoiceOutput extends Sdk.CreateAigcCustomVoiceOutput {
  /** The voices that were made. */
  InfoList?: CustomVoiceInfo[];
}
export interface CreateAigcCustomVoiceTask extends Sdk.CreateAigcCustomVoiceTask {
  /** The order. */
  Input?: CreateAigcCustomVoiceInput;
  /** What was made. */
  Output?: CreateAigcCustomVoiceOutput;
}
interface AigcFaceInputFileInfo extends Sdk.AigcFaceInputFileInfo {
  /** `File` or `Url`: which field is filled. */
  Type?: string;
  /** The id of the file in VOD. */
  FileId?: string;
}
interface DescribeAigcFaceInfoAsyncInput extends Sdk.DescribeAigcFaceInfoAsyncInput {
  /** The videos to look for faces in. */
  FileInfos?: AigcFaceInputFileInfo[];
}
interface AigcFaceInfo extends Sdk.AigcFaceInfo {
  /** The id of the subject: keep it. */
  SessionId?: string;
  /** The faces, one entry for each. */
  FaceInfoList?: Sdk.AigcFaceIdentityInfo[];
}
interface DescribeAigcFaceInfoAsyncOutput extends Sdk.DescribeAigcFaceInfoAsyncOutput {
  /** What was found. */
  FaceInfoSet?: AigcFaceInfo[];
}
export interface DescribeAigcFaceInfoAsyncTask extends Sdk.DescribeAigcFaceInfoAsyncTask {
  /** The order. */
  Input?: DescribeAigcFaceInfoAsyncInput;
  /** What was found. */
  Output?: DescribeAigcFaceInfoAsyncOutput;
}
