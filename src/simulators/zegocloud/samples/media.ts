/** Files, and the two products whose events have numbers. */
import { type Fields, type Ids, type Sample, seconds } from "./making.ts";

export const MEDIA_SAMPLES: Readonly<Record<string, Sample>> = {
  record: (ids, appId) => ({
    stream_alias: `stream-${ids.hex(8)}`,
    replay_url: `https://replay.example.com/${ids.hex(16)}/playlist%2Ff0.m3u8`,
    begin_time: String(seconds() - 600),
    end_time: String(seconds()),
    appid: appId,
    event: "record",
    extra_params: JSON.stringify({ TaskId: ids.hex(16), FileID: `52858${ids.digits(14)}`, Duration: 599.8 }),
  }),
  compose: (ids, appId) => ({
    appid: appId,
    event: "compose",
    replay_url: `https://replay.example.com/${ids.hex(16)}/merged.mp4`,
    task_id: ids.hex(16),
    file_id: `52858${ids.digits(14)}`,
    code: "0",
    message: "SUCCESS",
  }),
  procedure: (ids, appId) => ({
    appid: appId,
    event: "procedure",
    task_id: ids.digits(19),
    status: "SUCCESS",
    file_id: `52858${ids.digits(14)}`,
    extra_params: JSON.stringify({
      media: {
        transcode: [
          {
            code: "0",
            message: "SUCCESS",
            replay_url: `https://replay.example.com/${ids.hex(16)}/540.m3u8`,
            size: 6_833_612,
            duration: 170.612,
            video: { bitrate: 205_290, codec: "hevc", fps: 15, height: 540, width: 960 },
          },
          { code: "0", message: "SUCCESS", replay_url: `https://replay.example.com/${ids.hex(16)}/360.m3u8` },
        ],
      },
    }),
  }),
  snapshot: (ids, appId) => ({
    appid: appId,
    event: "snapshot",
    task_id: ids.digits(19),
    field_id: `52858${ids.digits(14)}`,
    vendor: "tencent",
    snapshot_pic_list: JSON.stringify(
      [0, 1000, 2500.5].map((offset) => ({ url: `https://pictures.example.com/${ids.hex(16)}.jpg`, offset })),
    ),
  }),
};

export const CLOUD_SAMPLES: Readonly<Record<string, Sample>> = {
  "cloud_recording/1": (ids, appId) => ({
    ...recording(ids, appId, 1, "file uploaded"),
    detail: {
      upload_status: 1,
      file_info: [
        { file_id: `${ids.hex(8)}.mp4`, file_url: `https://files.example.com/${ids.hex(8)}.mp4`, file_size: 1 },
      ],
    },
  }),
  "cloud_recording/2": (ids, appId) => recording(ids, appId, 2, "record exit abnormally"),
  "cloud_recording/3": (ids, appId) => recording(ids, appId, 3, "image cannot be downloaded"),
  "cloud_recording/4": (ids, appId) => recording(ids, appId, 4, "no stream in the room"),
  "cloud_recording/5": (ids, appId) => recording(ids, appId, 5, "record exit normally"),
  "cloud_recording/6": (ids, appId) => recording(ids, appId, 6, "stream does not exist"),
  "cloud_recording/7": (ids, appId) => recording(ids, appId, 7, "files are being uploaded"),
  "cloud_player/1": (ids, appId) => ({
    ...player(ids, appId, 1),
    Detail: { CreateTime: seconds(), PlayTime: seconds(), MaxIdleTime: 300, StreamUrl: "rtmp://live.example.com/a" },
  }),
  "cloud_player/2": (ids, appId) => ({ ...player(ids, appId, 2), Detail: { PlayTime: seconds(), Reason: 0 } }),
  "cloud_player/3": (ids, appId) => ({ ...player(ids, appId, 3), Detail: { Status: 2 } }),
  "cloud_player/4": (ids, appId) => ({ ...player(ids, appId, 4), Detail: { Code: 1 } }),
};

function recording(ids: Ids, appId: string, type: number, message: string): Fields {
  return {
    app_id: Number(appId),
    task_id: ids.hex(16),
    room_id: `room-${ids.hex(6)}`,
    event_type: type,
    message,
    sequence: 0,
    detail: {},
  };
}

function player(ids: Ids, appId: string, type: number): Fields {
  return {
    AppId: Number(appId),
    RoomId: `room-${ids.hex(6)}`,
    PlayerId: ids.hex(32),
    EventType: type,
    EventTime: Date.now(),
  };
}
