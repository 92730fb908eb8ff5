/** What an account of before 2019 is told, and how the same is told today. */
export const LEGACY: readonly (readonly [type: string, data: object, payload: object])[] = [
  [
    "NewFileUpload",
    {
      fileId: "5285890784273533167",
      fileName: "Animal World",
      coverUrl: "http://v.example.com/c.jpg",
      fileUrl: "http://v.example.com/f0.flv",
      procedureTaskId: "p1",
      sourceType: "Record",
      sourceContext: "context",
      streamId: "54_45",
    },
    {
      FileId: "5285890784273533167",
      MediaBasicInfo: {
        Name: "Animal World",
        CoverUrl: "http://v.example.com/c.jpg",
        MediaUrl: "http://v.example.com/f0.flv",
        SourceInfo: { SourceType: "Record", SourceContext: "context" },
      },
      ProcedureTaskId: "p1",
      StreamId: "54_45",
    },
  ],
  [
    "PullComplete",
    { status: 0, message: "", vodTaskId: "Pull-1", fileId: "1450", fileUrl: "http://v.example.com/f0.flv" },
    { ErrCode: 0, Message: "", TaskId: "Pull-1", FileId: "1450", FileUrl: "http://v.example.com/f0.flv" },
  ],
  [
    "FileDeleted",
    { status: 0, message: "", fileInfo: [{ fileId: "1" }, { fileId: "2" }] },
    { ErrCode: 0, Message: "", FileIdSet: ["1", "2"] },
  ],
  [
    "TranscodeComplete",
    {
      status: 4,
      message: "bad",
      vodTaskId: "Transcode-1",
      playSet: [{ url: "http://v.example.com/f10.mp4", definition: 10, vbitrate: 149_193, vheight: 240, vwidth: 320 }],
    },
    {
      ErrCode: 4,
      Message: "bad",
      TaskId: "Transcode-1",
      PlayInfoSet: [{ Url: "http://v.example.com/f10.mp4", Definition: 10, Bitrate: 149_193, Height: 240, Width: 320 }],
    },
  ],
  [
    "CreateSnapshotByTimeOffsetComplete",
    {
      vodTaskId: "Snapshot-1",
      fileId: "1450",
      definition: 10,
      picInfo: [{ status: 0, timeOffset: 10_000, url: "http://v.example.com/1.png" }],
    },
    {
      TaskId: "Snapshot-1",
      FileId: "1450",
      Definition: 10,
      SnapshotInfoSet: [{ ErrCode: 0, TimeOffset: 10_000, Url: "http://v.example.com/1.png" }],
    },
  ],
  [
    "CreateImageSpriteComplete",
    { status: 0, vodTaskId: "Sprite-1", imageSpriteUrl: ["http://v.example.com/1.png"], webVttUrl: "http://v/x.vtt" },
    { ErrCode: 0, TaskId: "Sprite-1", ImageSpriteUrlSet: ["http://v.example.com/1.png"], WebVttUrl: "http://v/x.vtt" },
  ],
  [
    "ClipComplete",
    { vodTaskId: "Clip-1", srcFileId: "16", fileInfo: { fileType: "mp4", status: 0, fileId: "14" } },
    { TaskId: "Clip-1", SrcFileId: "16", FileInfo: { FileType: "mp4", ErrCode: 0, FileId: "14" } },
  ],
  [
    "ConcatComplete",
    { vodTaskId: "Concat-1", fileInfo: [{ fileType: "m3u8", status: -1, message: "bad" }] },
    { TaskId: "Concat-1", FileInfoSet: [{ FileType: "m3u8", ErrCode: -1, Message: "bad" }] },
  ],
  [
    "ProcedureStateChanged",
    {
      vodTaskId: "Procedure-1",
      status: "FINISH",
      errCode: 0,
      fileId: "1450",
      metaData: { size: 10_556, videoStreamList: [{ codec: "h264" }], audioStreamList: [] },
      contentReviewList: [{ taskType: "Porn", status: "SUCCESS", output: { confidence: 98 } }],
      aIAnalysisList: [{ taskType: "Tag", status: "SUCCESS" }],
      processTaskList: [
        { taskType: "Transcode", status: "SUCCESS", errCode: 0, output: { url: "http://v.example.com/f20.mp4" } },
        { taskType: "SampleSnapshot", status: "SUCCESS", output: { imageUrls: ["http://v.example.com/xx1.png"] } },
        { taskType: "SnapshotByTimeOffset", status: "SUCCESS", output: { imgInfo: [{ timeOffset: 1, url: "u" }] } },
        { taskType: "CoverBySnapshot", status: "FAIL", output: { imageUrl: "u" } },
        { taskType: "ImageSprites", status: "SUCCESS", output: { urlList: ["u"] } },
        { taskType: "AnimatedGraphics", status: "PROCESSING" },
      ],
    },
    {
      TaskId: "Procedure-1",
      Status: "FINISH",
      ErrCode: 0,
      FileId: "1450",
      MetaData: { Size: 10_556, VideoStreamSet: [{ Codec: "h264" }], AudioStreamSet: [] },
      AiContentReviewResultSet: [{ Type: "Porn", PornTask: { Status: "SUCCESS", Output: { Confidence: 98 } } }],
      AiAnalysisResultSet: [{ Type: "Tag", TagTask: { Status: "SUCCESS" } }],
      MediaProcessResultSet: [
        {
          Type: "Transcode",
          TranscodeTask: { Status: "SUCCESS", ErrCode: 0, Output: { Url: "http://v.example.com/f20.mp4" } },
        },
        {
          Type: "SampleSnapshot",
          SampleSnapshotTask: { Status: "SUCCESS", Output: { ImageUrlSet: ["http://v.example.com/xx1.png"] } },
        },
        {
          Type: "SnapshotByTimeOffset",
          SnapshotByTimeOffsetTask: { Status: "SUCCESS", Output: { PicInfoSet: [{ TimeOffset: 1, Url: "u" }] } },
        },
        { Type: "CoverBySnapshot", CoverBySnapshotTask: { Status: "FAIL", Output: { CoverUrl: "u" } } },
        { Type: "ImageSprites", ImageSpriteTask: { Status: "SUCCESS", Output: { ImageUrlSet: ["u"] } } },
        { Type: "AnimatedGraphics", AnimatedGraphicTask: { Status: "PROCESSING" } },
      ],
    },
  ],
  ["SomethingNewComplete", { vodTaskId: "t" }, { SomethingNewCompleteEvent: { TaskId: "t" } }],
];
