/** Cloud recording and cloud player: their events have numbers, each of which is a type of its own here. */
import { z } from "zod";
import { common, number, part, text } from "./fields.ts";

const cloudRecording = {
  app_id: text.nullish(),
  task_id: text.nullish(),
  room_id: text.nullish(),
  event_type: number,
  message: text.nullish(),
  sequence: number.nullish(),
};
const RecordedFile = z.looseObject({
  user_id: text.nullish(),
  stream_id: text.nullish(),
  file_id: text.nullish(),
  video_id: text.nullish(),
  file_url: z.string().nullish(),
  output_file_format: text.nullish(),
  file_size: number.nullish(),
  /** Ms. */
  duration: number.nullish(),
});

const cloudPlayer = {
  RoomId: text.nullish(),
  PlayerId: text.nullish(),
  EventType: number,
  /** UNIX ms. */
  EventTime: number.nullish(),
};

const recording = z.looseObject({ ...common, ...cloudRecording, detail: part({}) });

export const CLOUD_PAYLOADS = {
  /** Files were uploaded; an empty `file_info` says that there was nothing to record. */
  "cloud_recording/1": z.looseObject({
    ...common,
    ...cloudRecording,
    detail: part({ upload_status: number.nullish(), file_info: z.array(RecordedFile).nullish() }),
  }),
  /** The task ended abnormally. */
  "cloud_recording/2": recording,
  /** A background or watermark image could not be fetched. */
  "cloud_recording/3": recording,
  /** The room has no streams; said again every 30 s. */
  "cloud_recording/4": recording,
  /** The task ended. */
  "cloud_recording/5": recording,
  /** A stream to be recorded does not exist. */
  "cloud_recording/6": recording,
  /** The task stopped, its files are being uploaded. */
  "cloud_recording/7": recording,
  /** The player was made. */
  "cloud_player/1": z.looseObject({
    ...common,
    ...cloudPlayer,
    Detail: part({ StreamUrl: z.string().nullish(), PlayTime: number.nullish() }),
  }),
  /** The player is gone. */
  "cloud_player/2": z.looseObject({
    ...common,
    ...cloudPlayer,
    Detail: part({ PlayTime: number.nullish(), Reason: number.nullish() }),
  }),
  /** Its state changed. */
  "cloud_player/3": z.looseObject({
    ...common,
    ...cloudPlayer,
    Detail: part({ Status: number.nullish() }),
  }),
  /** Something is wrong with it. */
  "cloud_player/4": z.looseObject({
    ...common,
    ...cloudPlayer,
    Detail: part({ Code: number.nullish() }),
  }),
} as const satisfies Record<string, z.ZodType>;
