/** Plausible VOD events, no two with the same ids. The keys with a blank at their end are the vendor's. */
import { randomUUID } from "node:crypto";

type Sample = (id: string) => Readonly<Record<string, unknown>>;

const SAMPLES: Readonly<Record<string, Sample>> = {
  FileUploadComplete: (VideoId) => ({
    VideoId,
    Size: 1_098_549,
    FileUrl: `http://vod.example.com/${VideoId}.mp4`,
  }),
  StreamTranscodeComplete: (VideoId) => ({
    VideoId,
    Status: "success",
    Bitrate: 786,
    Definition: "SD",
    Duration: 17.28,
    Encrypt: false,
    FileUrl: `http://vod.example.com/${VideoId}/sd.m3u8`,
    Format: "m3u8",
    Fps: 25,
    Height: 576,
    Width: 1024,
    Size: 1_780_724,
    JobId: randomUUID().replaceAll("-", ""),
  }),
  TranscodeComplete: (VideoId) => ({
    VideoId,
    Status: "success",
    StreamInfos: [{ Status: "success", Definition: "LD", FileUrl: `http://vod.example.com/${VideoId}/ld.mp4` }],
  }),
  SnapshotComplete: (VideoId) => ({
    VideoId,
    Status: "success",
    CoverUrl: `http://vod.example.com/image/cover/${VideoId}.jpg`,
    SnapshotInfos: [
      {
        Status: "success",
        SnapshotType: "NormalSnapshot",
        SnapshotCount: 3,
        SnapshotFormat: `${VideoId}/snapshots/{SnapshotCount}.jpg`,
        SnapshotRegular: `http://vod.example.com/${VideoId}/snapshots/{SnapshotCount}.jpg`,
        JobId: randomUUID().replaceAll("-", ""),
      },
    ],
  }),
  UploadByURLComplete: (VideoId) => ({
    VideoId,
    JobId: randomUUID().replaceAll("-", ""),
    "SourceURL ": `https://example.com/${VideoId}.mp4`,
    Status: "success",
  }),
  DeleteMediaComplete: (MediaId) => ({ MediaId, MediaType: "video", DeleteType: "all", Status: "success" }),
  AIMediaAuditComplete: (MediaId) => ({
    MediaId,
    JobId: randomUUID().replaceAll("-", ""),
    Status: "Success",
    Code: "Success",
    Data: JSON.stringify({ Label: "normal", Suggestion: "pass" }),
  }),
};

export const EVENT_TYPES: readonly string[] = Object.keys(SAMPLES);

/** An event of a type; one that is not known carries only what all have in common. */
export function sampleOf(type: string): Readonly<Record<string, unknown>> {
  const id = randomUUID().replaceAll("-", "");
  const sample = Object.hasOwn(SAMPLES, type) ? SAMPLES[type] : undefined;
  const EventTime = `${new Date().toISOString().slice(0, 19)}Z`;
  return { EventType: type, EventTime, ...(sample?.(id) ?? { VideoId: id, Status: "success" }) };
}
