import type { ProcessImageAsyncTask } from "./generated.ts";
import type * as Generative from "./generative-tasks.ts";
import type * as Older from "./older-tasks.ts";
import type { Procedure } from "./procedure.ts";
import type * as Tasks from "./tasks.ts";
import type * as Watermarks from "./watermarks.ts";

/**
 * The content of each type of event: the SDK's types, with English words on the fields that people use. A field that the
 * vendor sends as null is missing here, at any depth.
 */
export type Payloads = {
  NewFileUpload: Tasks.FileUpload;
  ProcedureStateChanged: Procedure;
  FileDeleted: Tasks.FileDeletion;
  RestoreMediaComplete: Tasks.Restoration;
  PullComplete: Tasks.PullUpload;
  EditMediaComplete: Tasks.Edit;
  SplitMediaComplete: Tasks.Split;
  ComposeMediaComplete: Tasks.Composition;
  WechatPublishComplete: Tasks.WechatPublication;
  WechatMiniProgramPublishComplete: Tasks.MiniProgramPublication;
  RemoveWatermark: Tasks.WatermarkRemoval;
  RebuildMediaComplete: Tasks.Rebuilding;
  ReviewAudioVideoComplete: Tasks.Review;
  ExtractTraceWatermarkComplete: Watermarks.TraceWatermark;
  ExtractCopyRightWatermarkComplete: Watermarks.CopyRightWatermark;
  ExtractBlindWatermarkComplete: Watermarks.BlindWatermark;
  DescribeFileAttributesComplete: Tasks.FileAttributes;
  QualityInspectComplete: Tasks.Inspection;
  QualityEnhanceComplete: Tasks.Enhancement;
  MediaCastStatusChanged: Tasks.MediaCast;
  PersistenceComplete: Tasks.Persistence;
  ComplexAdaptiveDynamicStreamingComplete: Tasks.ComplexStreaming;
  ProcessMediaByMPSComplete: Tasks.MpsProcessing;
  AigcImageTaskComplete: Generative.AigcImage;
  AigcVideoTaskComplete: Generative.AigcVideo;
  SceneAigcImageCompleteEvent: Generative.SceneImage;
  ProcessImageAsyncCompleteEvent: ProcessImageAsyncTask;
  CreateAigcAdvancedCustomElementCompleteEvent: Generative.CustomElement;
  CreateAigcCustomVoiceCompleteEvent: Generative.CustomVoice;
  DescribeAigcFaceInfoAsyncComplete: Generative.FaceInfo;
  ReduceMediaBitrateComplete: Tasks.Reduction;
  TranscodeComplete: Older.Transcoding;
  ConcatComplete: Older.Concatenation;
  ClipComplete: Older.Clipping;
  CreateImageSpriteComplete: Older.ImageSprites;
  CreateSnapshotByTimeOffsetComplete: Older.Snapshots;
};
