/** Events in the shapes that Alibaba Cloud VOD documents, with its slips: a key that ends in a blank, missing fields. */

export const FILE_UPLOADED = {
  EventTime: "2026-03-20T07:49:17Z",
  EventType: "FileUploadComplete",
  VideoId: "43a91jdh7df00001",
  Size: 1_439_213,
  FileUrl: "http://bucket.oss-cn-shanghai.aliyuncs.com/27ffc438-0005.mp4",
};

export const UPLOADED_BY_URL = {
  Status: "success",
  EventTime: "2026-03-20T07:49:17Z",
  EventType: "UploadByURLComplete",
  VideoId: "43a9fjdun3f00002",
  JobId: "4c815bjs83j10002",
  "SourceURL ": "http://source.example.com/27ffc438.mp4",
  Size: "123456",
};

export const STREAM_TRANSCODED = {
  EventTime: "2026-03-20T07:49:17Z",
  EventType: "StreamTranscodeComplete",
  VideoId: "43a9fj74hdf00003",
  Status: "success",
  Bitrate: "925",
  Definition: "LD",
  Duration: 15,
  Encrypt: false,
  FileUrl: "http://video.example.com/52a53151/ld.mp4",
  Format: "mp4",
  Fps: "30",
  Height: 960,
  Size: 1_815_321,
  Width: 540,
  JobId: "job-3",
  Extend: "test data",
};

export const TRANSCODED = {
  EventTime: "2026-03-20T07:49:17Z",
  EventType: "TranscodeComplete",
  VideoId: "43a9fjsh73f00004",
  Status: "success",
  Extend: '{"order":7}',
  StreamInfos: [
    {
      Status: "success",
      Definition: "LD",
      FileUrl: "http://video.example.com/62cb/ld.mp4",
      Format: "mp4",
      JobId: "job-4",
    },
    { Status: "fail", Definition: "SD", JobId: "job-5", ErrorCode: "Bad.Stream", ErrorMessage: "no picture in it" },
  ],
};

export const SNAPSHOTS_TAKEN = {
  EventType: "SnapshotComplete",
  EventTime: "2026-07-31T10:07:31Z",
  VideoId: "2327a6ec24b40005",
  Status: "success",
  SubType: "SpecifiedTime",
  CoverUrl: "http://sample.example.com/covers/990f-00002.jpg",
  Extend: "test data",
  SnapshotInfos: [
    {
      Status: "success",
      SnapshotType: "NormalSnapshot",
      SnapshotCount: 3,
      SnapshotFormat: "2327a6ec/snapshots/normal/990f-{SnapshotCount}.jpg",
      SnapshotRegular: "http://sample.example.com/snapshots/normal/990f-{SnapshotCount}.jpg",
      JobId: "job-6",
    },
    {
      Status: "fail",
      SnapshotType: "WebVttSnapshot",
      SnapshotCount: 0,
      SnapshotFormat: "",
      SnapshotRegular: "",
      JobId: "job-7",
    },
  ],
};

/** As the vendor's own sample: neither VideoId nor Status. */
export const COVERS_TAKEN = {
  EventType: "SnapshotComplete",
  EventTime: "2026-07-31T10:07:31Z",
  CoverUrl: "http://sample.example.com/covers/990f-00002.jpg",
  SnapshotInfos: [
    {
      Status: "success",
      SnapshotType: "CoverSnapshot",
      SnapshotCount: 2,
      SnapshotFormat: "2327a6ec/covers/990f-{SnapshotCount}.jpg",
      SnapshotRegular: "http://sample.example.com/covers/990f-{SnapshotCount}.jpg",
      JobId: "job-8",
    },
  ],
};

export const SNAPSHOTS_FAILED = {
  EventType: "SnapshotComplete",
  EventTime: "2026-07-31T10:07:31Z",
  VideoId: "2327a6ec24b40006",
  Status: "fail",
  ErrorCode: "InvalidParameter.ResourceContentBad",
  ErrorMessage: "The resource operated InputFile is bad",
};

export const IMAGE_MADE = {
  Status: "success",
  VideoId: "6a45f222e08f0007",
  EventType: "DynamicImageComplete",
  EventTime: "2026-11-05T09:12:58Z",
  DynamicImageJobInfo: JSON.stringify({
    FileSize: "1834831",
    FileURL: "http://video.example.com/6a45/image/dynamic/3af1.gif",
    Height: "200",
    JobId: "job-9",
    Status: "success",
    Width: "200",
  }),
  JobId: "job-9",
};

export const TAGGED = {
  EventTime: "2026-03-20T07:49:17Z",
  EventType: "AIVideoTagComplete",
  JobId: "job-10",
  MediaId: "sj83k40d92c60008",
  Status: "success",
  Code: "0",
  Message: "OK",
  Data: JSON.stringify({ Keyword: [{ Times: ["3260", "4000"], Tag: "气垫" }], Person: [] }),
};

export const WORKFLOW_DONE = {
  EventType: "WorkflowTaskComplete",
  EventTime: "2026-10-15T02:00:34Z",
  WorkflowId: "wf-1",
  Status: "Succeed",
  VideoId: "b0e80009",
  TaskId: "task-1",
  ActivityResults: JSON.stringify({ VideoTranslation: { Status: "Succeed", Result: { Status: "Finished" } } }),
  TaskInput: "{}",
  UserId: "12345678901234",
};

export const SAMPLES = {
  FILE_UPLOADED,
  UPLOADED_BY_URL,
  STREAM_TRANSCODED,
  TRANSCODED,
  SNAPSHOTS_TAKEN,
  COVERS_TAKEN,
  SNAPSHOTS_FAILED,
  IMAGE_MADE,
  TAGGED,
  WORKFLOW_DONE,
};
