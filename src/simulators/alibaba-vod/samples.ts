/**
 * Plausible events of every type, no two with the same ids, and with the errors of real ones: a key that ends in a
 * blank, a missing field, several words for success.
 */
import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../core/event.ts";

/** An event of this type as the vendor would write it. An unknown type has only a media id. */
export function sampleOf(type: string): JsonObject {
  const make = Object.hasOwn(SAMPLES, type) ? SAMPLES[type] : undefined;
  const EventTime = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  return { EventTime, EventType: type, ...(make?.() ?? { MediaId: id(), Status: "success" }) };
}

const SAMPLES: Readonly<Record<string, () => JsonObject>> = {
  FileUploadComplete: () => ({ VideoId: id(), Size: 1_439_213, FileUrl: url("f0.mp4") }),
  ImageUploadComplete: () => ({ ImageId: id(), Size: 105_520, FileURL: url("a.jpg"), Status: "success" }),
  AttachedMediaUploadComplete: () => ({
    AttachedMediaId: id(),
    Size: 14_333,
    FileURL: url("a.png"),
    Status: "success",
  }),
  UploadByURLComplete: () => ({ ...done(), "SourceURL ": url("source.mp4"), Size: "123456" }),
  StreamTranscodeComplete: () => ({ VideoId: id(), ...stream("LD"), Extend: "test data" }),
  TranscodeComplete: () => ({ VideoId: id(), Status: "success", StreamInfos: [stream("LD"), stream("SD")] }),
  SnapshotComplete: () => ({
    ...done(),
    SubType: "SpecifiedTime",
    CoverUrl: url("covers/990f-00002.jpg"),
    SnapshotInfos: [snapshots("NormalSnapshot", 12), snapshots("SpriteSnapshot", 1)],
  }),
  DynamicImageComplete: () => {
    const { VideoId, JobId, Status } = done();
    const image = { FileSize: "1834831", FileURL: url("a.gif"), Fps: "25", Height: "200", Width: "200", JobId, Status };
    return { VideoId, JobId, Status, DynamicImageJobInfo: JSON.stringify(image) };
  },
  AddLiveRecordVideoComplete: () => ({
    ...recorded(),
    RecordStartTime: "2026-03-20T07:40:56Z",
    RecordEndTime: "2026-03-20T09:26:17Z",
  }),
  LiveRecordVideoComposeStart: recorded,
  VideoAnalysisComplete: () => ({
    VideoId: id(),
    Status: "success",
    Duration: "12",
    Height: "360",
    Width: "630",
    Fps: "30",
    Bitrate: "499",
    Size: "1234568",
  }),
  CreateAuditComplete: () => ({
    MediaId: id(),
    Status: "success",
    SubType: "video",
    AuditStatus: "Normal",
    CreationTime: "2026-03-20T07:49:17Z",
  }),
  AIMediaAuditComplete: () => ({ ...aiJob(), Data: { Label: "normal", Suggestion: "pass" } }),
  AIMediaDNAComplete: () => ({ ...aiJob(), Data: JSON.stringify({ VideoDNA: [] }) }),
  AIVideoTagComplete: () => ({ ...aiJob(), Data: JSON.stringify({ Keyword: [{ Times: ["3260"], Tag: "sea" }] }) }),
  ProduceMediaComplete: () => ({ MediaId: id(), ProjectId: id(), Status: "success" }),
  DeleteMediaComplete: () => ({ MediaId: id(), Status: "success", MediaType: "video", DeleteType: "all" }),
  MediaBaseChangeComplete: () => {
    const Title = JSON.stringify({ OldValue: "a", NewValue: "b" });
    const MediaContent = JSON.stringify({ Title });
    return { MediaId: id(), Status: "success", MediaType: "video", OperateMode: "update", MediaContent };
  },
  UpdateMediaStorageClassComplete: () => ({
    MediaId: id(),
    Status: "Success",
    Scope: "All",
    StorageClass: "Archive",
    TriggerBy: "API",
  }),
  RestoreMediaComplete: () => ({ MediaId: id(), Status: "Success", RestoreExpiration: "2027-01-23T13:11:33Z" }),
  SubmitMediaRefreshComplete: () => ({
    MediaId: id(),
    Status: "success",
    MediaRefreshJobId: id(),
    TaskType: "Preload",
    SuccessPlayUrls: `${url("a.mp4")},${url("b.mp4")}`,
    TaskIds: "1,2",
    FilterPolicy: "{}",
  }),
  WorkflowTaskComplete: () => ({
    WorkflowId: "wf-1",
    TaskId: id(),
    VideoId: id(),
    Status: "Succeed",
    ActivityResults: JSON.stringify({ Transcode: { Status: "Succeed", Result: { Status: "Finished" } } }),
    TaskInput: "{}",
  }),
};

/** Every known EventType of the vendor. */
export const EVENT_TYPES: readonly string[] = Object.keys(SAMPLES);

function done() {
  return { VideoId: id(), JobId: id(), Status: "success" };
}

function recorded(): JsonObject {
  return { VideoId: id(), Status: "success", StreamName: "stream", DomainName: "live.example.com", AppName: "app" };
}

function aiJob(): JsonObject {
  return { JobId: id(), MediaId: id(), Status: "success", Code: "0", Message: "OK" };
}

function stream(definition: string): JsonObject {
  return {
    Status: "success",
    Bitrate: "925",
    Definition: definition,
    Duration: 15,
    Encrypt: false,
    FileUrl: url(`${definition}.mp4`),
    Format: "mp4",
    Fps: "30",
    Height: 960,
    Width: 540,
    Size: 1_815_321,
    JobId: id(),
  };
}

function snapshots(type: string, count: number): JsonObject {
  const path = `${id()}/snapshots/${type}-{SnapshotCount}.jpg`;
  return {
    Status: "success",
    SnapshotType: type,
    SnapshotCount: count,
    SnapshotFormat: path,
    SnapshotRegular: `http://video.example.com/${path}`,
    JobId: id(),
  };
}

function url(name: string): string {
  return `http://video.example.com/${id()}/${name}`;
}

/** 32 hex digits, as the vendor's. */
function id(): string {
  return randomUUID().replaceAll("-", "");
}
