/** Rooms, streams, and what is done to streams while they flow. */
import { z } from "zod";
import { common, number, part, text, texts } from "./fields.ts";

const room = { room_id: text.nullish(), room_session_id: text.nullish() };

const visit = {
  room_id: text.nullish(),
  /** The `room_session_id` of other events. */
  room_seq: text.nullish(),
  user_account: text.nullish(),
  user_nickname: text.nullish(),
  session_id: text.nullish(),
  /** UNIX ms. */
  login_time: text.nullish(),
  user_role: text.nullish(),
  user_update_seq: text.nullish(),
};

const stream = {
  ...room,
  user_id: text.nullish(),
  user_name: text.nullish(),
  channel_id: text.nullish(),
  stream_id: text.nullish(),
  stream_sid: text.nullish(),
  stream_alias: text.nullish(),
  stream_seq: text.nullish(),
  /** UNIX ms. */
  create_time_ms: text.nullish(),
};

const mix = {
  seq: text.nullish(),
  task_id: text.nullish(),
  channel_id: text.nullish(),
  publish_id: text.nullish(),
  mix_url: text.nullish(),
  mix_stream_alias: text.nullish(),
  stream_alias: text.nullish(),
  rtmp_urls: texts,
  hls_urls: texts,
  hdl_urls: texts,
};

const transcodeTask = {
  TaskId: text.nullish(),
  UserId: text.nullish(),
  Sequence: number.nullish(),
  Status: text.nullish(),
};

const moderation = {
  Code: number.nullish(),
  Message: text.nullish(),
  TaskId: text.nullish(),
  AuxInfo: part({ RoomId: text.nullish(), UserId: text.nullish() }),
};
const moderationResult = {
  ...moderation,
  ResultTaskId: text.nullish(),
  /** PASS, REVIEW or REJECT. */
  Detail: part({ RiskLevel: text.nullish(), RiskDescription: text.nullish() }),
};
/** 0: the moderation ended. */
const moderationStatus = { ...moderation, Status: number.nullish() };

export const LIVE_PAYLOADS = {
  room_create: z.looseObject({
    ...common,
    ...room,
    /** UNIX ms. */
    room_create_time: text.nullish(),
    id_name: text.nullish(),
  }),
  /** `room_close_time` is UNIX ms. */
  room_close: z.looseObject({ ...common, ...room, close_reason: text.nullish(), room_close_time: text.nullish() }),
  room_login: z.looseObject({ ...common, ...visit, room_name: text.nullish() }),
  /** `logout_time` is UNIX ms; `reason` "0" is a normal one. */
  room_logout: z.looseObject({ ...common, ...visit, logout_time: text.nullish(), reason: text.nullish() }),
  stream_create: z.looseObject({
    ...common,
    ...stream,
    title: text.nullish(),
    rtmp_url: texts,
    hls_url: texts,
    hdl_url: texts,
    pic_url: texts,
  }),
  /** `type` "0" is a normal one; `destroy_timemillis` is UNIX ms. */
  stream_close: z.looseObject({ ...common, ...stream, type: text.nullish(), destroy_timemillis: text.nullish() }),
  mix_start: z.looseObject({ ...common, ...mix }),
  mix_stop: z.looseObject({ ...common, ...mix }),
  transcode_start: z.looseObject({ ...common, ...transcodeTask, Details: part({}) }),
  transcode_stop: z.looseObject({ ...common, ...transcodeTask, StopReason: number.nullish() }),
  censor_audio_v2_result: z.looseObject({ ...common, ...moderationResult }),
  censor_audio_v2_status: z.looseObject({ ...common, ...moderationStatus }),
  censor_video_v2_audio_result: z.looseObject({ ...common, ...moderationResult }),
  censor_video_v2_img_result: z.looseObject({ ...common, ...moderationResult }),
  censor_video_v2_audio_status: z.looseObject({ ...common, ...moderationStatus }),
  censor_video_v2_img_status: z.looseObject({ ...common, ...moderationStatus }),
} as const satisfies Record<string, z.ZodType>;
