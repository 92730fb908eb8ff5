/** Rooms, streams, and live processing of streams. */
import type { Fields, Ids, Sample } from "./making.ts";

export const LIVE_SAMPLES: Readonly<Record<string, Sample>> = {
  room_create: (ids, appId) => ({
    event: "room_create",
    appid: Number(appId),
    room_id: `room-${ids.hex(6)}`,
    room_session_id: BigInt(`8${ids.digits(17)}`),
    room_create_time: String(Date.now()),
    id_name: `user-${ids.hex(6)}`,
  }),
  room_close: (ids, appId) => ({
    event: "room_close",
    appid: Number(appId),
    room_id: `room-${ids.hex(6)}`,
    room_session_id: BigInt(`8${ids.digits(17)}`),
    close_reason: 0,
    room_close_time: String(Date.now()),
  }),
  room_login: (ids, appId) => ({ ...visit(ids, "room_login", appId), room_name: "evening show" }),
  room_logout: (ids, appId) => ({
    ...visit(ids, "room_logout", appId),
    logout_time: String(Date.now()),
    reason: "0",
  }),
  stream_create: (ids, appId) => {
    const name = `stream-${ids.hex(8)}`;
    return {
      ...stream(ids, "stream_create", appId, name),
      title: "evening show & more",
      stream_attr: '{"cid":0}',
      rtmp_url: [`rtmp://rtmp.example.com/live/${name}`],
      hls_url: [`https://hls.example.com/live/${name}/playlist.m3u8`],
      hdl_url: [`https://hdl.example.com/live/${name}.flv`],
      pic_url: [`https://pic.example.com/live/${name}.jpg?x=1&y=2`],
    };
  },
  stream_close: (ids, appId) => ({
    ...stream(ids, "stream_close", appId, `stream-${ids.hex(8)}`),
    type: "0",
    third_define_data: '{"u":"50%"}',
    destroy_timemillis: String(Date.now()),
  }),
  mix_start: (ids, appId) => mix(ids, "mix_start", appId),
  mix_stop: (ids, appId) => mix(ids, "mix_stop", appId),
  transcode_start: (ids, appId) => ({
    ...transcodeTask(ids, "transcode_start", appId, "TranscodeStarted"),
    Details: { Input: { StreamId: `stream-${ids.hex(8)}` }, Outputs: [{ StreamId: `out-${ids.hex(8)}`, Width: 1280 }] },
  }),
  transcode_stop: (ids, appId) => ({
    ...transcodeTask(ids, "transcode_stop", appId, "TranscodeStopped"),
    StopReason: 0,
  }),
  censor_audio_v2_result: (ids, appId) => moderation(ids, "censor_audio_v2_result", appId),
  censor_audio_v2_status: (ids, appId) => moderated(ids, "censor_audio_v2_status", appId),
  censor_video_v2_audio_result: (ids, appId) => moderation(ids, "censor_video_v2_audio_result", appId),
  censor_video_v2_img_result: (ids, appId) => moderation(ids, "censor_video_v2_img_result", appId),
  censor_video_v2_audio_status: (ids, appId) => moderated(ids, "censor_video_v2_audio_status", appId),
  censor_video_v2_img_status: (ids, appId) => moderated(ids, "censor_video_v2_img_status", appId),
};

function visit(ids: Ids, event: string, appId: string): Fields {
  return {
    event,
    appid: appId,
    room_id: `room-${ids.hex(6)}`,
    room_seq: `6${ids.digits(18)}`,
    user_account: `user-${ids.hex(6)}`,
    user_nickname: "Zoë 李",
    session_id: ids.digits(18),
    login_time: String(Date.now()),
    user_role: "1",
    user_update_seq: ids.digits(2),
  };
}

function stream(ids: Ids, event: string, appId: string, name: string): Fields {
  return {
    event,
    appid: appId,
    room_id: `room-${ids.hex(6)}`,
    room_session_id: ids.digits(18),
    user_id: `user-${ids.hex(6)}`,
    user_name: "Zoë 李",
    channel_id: "0xb-0x1",
    stream_id: name,
    stream_alias: name,
    stream_sid: `s-${ids.digits(27)}`,
    stream_seq: ids.digits(2),
    create_time_ms: String(Date.now()),
  };
}

function mix(ids: Ids, event: string, appId: string): Fields {
  const name = `mix-${ids.hex(8)}`;
  return {
    appid: appId,
    event,
    seq: ids.digits(6),
    task_id: `${appId}:${ids.hex(8)}`,
    channel_id: `room-${ids.hex(6)}`,
    publish_id: `user-${ids.hex(6)}`,
    mix_url: `rtmp://rtmp.example.com/live/${name}`,
    mix_stream_alias: name,
    hls_urls: [`https://hls.example.com/live/${name}/playlist.m3u8`],
  };
}

function transcodeTask(ids: Ids, event: string, appId: string, status: string): Fields {
  return { Event: event, Appid: appId, TaskId: ids.hex(16), UserId: `user-${ids.hex(6)}`, Sequence: 0, Status: status };
}

function moderated(ids: Ids, event: string, appId: string): Fields {
  return { ...moderation(ids, event, appId), Status: 0 };
}

function moderation(ids: Ids, event: string, appId: string): Fields {
  const taskId = ids.hex(32);
  return {
    Event: event,
    AppId: Number(appId),
    Code: 0,
    Message: "success",
    TaskId: taskId,
    ResultTaskId: `${taskId}_2`,
    Detail: {
      RiskLevel: "PASS",
      RiskDescription: "正常",
      AudioUrl: "https://audio.example.com/a%2Fb.mp3?Signature=x%3D",
    },
    AuxInfo: { RoomId: `room-${ids.hex(6)}`, UserId: `user-${ids.hex(6)}` },
  };
}
