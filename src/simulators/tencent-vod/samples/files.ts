/** Files that are uploaded, deleted or moved. */
import { basicInfo, FINISHED, metaData, NO_SESSION, sample, type Sample, url } from "./making.ts";

export const FILE_SAMPLES: Readonly<Record<string, Sample>> = {
  NewFileUpload: sample("FileUploadEvent", (ids) => {
    const fileId = ids.file();
    return { FileId: fileId, MediaBasicInfo: basicInfo(ids, fileId), ProcedureTaskId: "", MetaData: metaData(ids) };
  }),
  FileDeleted: sample("FileDeleteEvent", (ids) => {
    const fileIds = [ids.file(), ids.file()];
    return {
      FileIdSet: fileIds,
      FileDeleteResultInfo: fileIds.map((fileId) => ({
        FileId: fileId,
        DeleteParts: [{ Type: "TranscodeFiles", Definition: 0 }],
      })),
    };
  }),
  RestoreMediaComplete: sample("RestoreMediaCompleteEvent", (ids) => ({
    FileId: ids.file(),
    OriginalStorageClass: "ARCHIVE",
    TargetStorageClass: "STANDARD",
    RestoreTier: "Standard",
    RestoreDay: 0,
    Status: 0,
    Message: "Restore success!",
  })),
  PullComplete: sample("PullCompleteEvent", (ids) => {
    const fileId = ids.file();
    return {
      TaskId: ids.task("PullUpload"),
      ...FINISHED,
      FileId: fileId,
      MediaBasicInfo: basicInfo(ids, fileId),
      MetaData: metaData(ids),
      FileUrl: url(ids, "f0.mp4"),
      ProcedureTaskId: "",
      ...NO_SESSION,
      Progress: 100,
    };
  }),
  PersistenceComplete: sample("PersistenceCompleteEvent", (ids) => ({
    FileId: ids.file(),
    PersistenceSource: "TimeShift",
  })),
  DescribeFileAttributesComplete: sample("DescribeFileAttributesCompleteEvent", (ids) => ({
    TaskId: ids.task("DescribeFileAttributes"),
    Status: "SUCCESS",
    ErrCode: 0,
    ErrCodeExt: "",
    Message: "SUCCESS",
    Progress: 100,
    FileId: ids.file(),
    Output: { Md5: ids.hex(32), Sha1: ids.hex(40) },
    ...NO_SESSION,
  })),
  WechatPublishComplete: sample("WechatPublishCompleteEvent", (ids) => ({
    TaskId: ids.task("WechatPublish"),
    ...FINISHED,
    FileId: ids.file(),
    Definition: 10,
    SourceDefinition: 0,
    WechatStatus: "SUCCESS",
    WechatVid: `wechat-${ids.hex(12)}`,
    WechatUrl: url(ids, "wechat.mp4"),
  })),
  WechatMiniProgramPublishComplete: sample("WechatMiniProgramPublishCompleteEvent", (ids) => ({
    TaskId: ids.task("WechatMiniProgramPublish"),
    ...FINISHED,
    FileId: ids.file(),
    SourceDefinition: 0,
    PublishResult: "Pass",
  })),
  MediaCastStatusChanged: sample("MediaCastStatusChangedEvent", (ids) => ({
    CastId: `cast-${ids.hex(16)}`,
    Status: "Working",
  })),
};
