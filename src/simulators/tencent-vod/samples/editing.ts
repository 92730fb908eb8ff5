/** Tasks that make new files of old ones. */
import { basicInfo, FINISHED, FINISHED_EXT, metaData, NO_SESSION, output, sample, type Sample } from "./making.ts";

export const EDITING_SAMPLES: Readonly<Record<string, Sample>> = {
  EditMediaComplete: sample("EditMediaCompleteEvent", (ids) => ({
    TaskId: ids.task("EditMedia"),
    ...FINISHED_EXT,
    Progress: 100,
    Input: {
      InputType: "File",
      FileInfoSet: [
        { FileId: ids.file(), StartTimeOffset: 0, EndTimeOffset: 10 },
        { FileId: ids.file(), StartTimeOffset: 5, EndTimeOffset: 20 },
      ],
    },
    Output: output(ids),
    MetaData: metaData(ids),
    ProcedureTaskId: "",
    ...NO_SESSION,
  })),
  SplitMediaComplete: sample("SplitMediaCompleteEvent", (ids) => ({
    TaskId: ids.task("SplitMedia"),
    ...FINISHED_EXT,
    FileInfoSet: [ids.file(), ids.file()].map((fileId) => ({
      Output: { FileId: fileId, MediaBasicInfo: basicInfo(ids, fileId) },
      ProcedureTaskId: "",
    })),
    ...NO_SESSION,
    Progress: 100,
  })),
  ComposeMediaComplete: sample("ComposeMediaCompleteEvent", (ids) => ({
    TaskId: ids.task("ComposeMedia"),
    ...FINISHED,
    Progress: 100,
    Input: {
      Tracks: [
        { Type: "Video", TrackItems: [{ Type: "Video", VideoItem: { SourceMedia: ids.file(), Duration: 15 } }] },
      ],
      Canvas: { Color: "Black", Width: 1280, Height: 720 },
      Output: { FileName: "summer holidays", Container: "mp4" },
    },
    Output: output(ids),
    MetaData: metaData(ids),
    ...NO_SESSION,
  })),
  RemoveWatermark: sample("RemoveWatermarkCompleteEvent", (ids) => ({
    TaskId: ids.task("RemoveWatermark"),
    ...FINISHED_EXT,
    Input: { FileId: ids.file() },
    Output: { ...output(ids), MetaData: metaData(ids) },
    ...NO_SESSION,
  })),
  RebuildMediaComplete: sample("RebuildMediaCompleteEvent", (ids) => ({
    TaskId: ids.task("RebuildMedia"),
    ...FINISHED_EXT,
    Progress: 100,
    Input: { FileId: ids.file(), StartTimeOffset: 0, EndTimeOffset: 0, Definition: 10 },
    Output: output(ids),
    MetaData: metaData(ids),
    ...NO_SESSION,
  })),
  QualityEnhanceComplete: sample("QualityEnhanceCompleteEvent", (ids) => ({
    TaskId: ids.task("QualityEnhance"),
    ...FINISHED_EXT,
    Progress: 100,
    Input: { FileId: ids.file(), Definition: 10 },
    Output: output(ids),
    MetaData: metaData(ids),
    ...NO_SESSION,
  })),
};
