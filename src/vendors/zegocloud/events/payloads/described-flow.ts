/** Words for the fields of what is done to streams while they flow: mixing, transcoding, moderation. */
import type { Common, Count, Text } from "./described-common.ts";
import type { Documented } from "./documented.ts";
import type { LIVE_PAYLOADS } from "./live.ts";

type Live<T extends keyof typeof LIVE_PAYLOADS> = Documented<(typeof LIVE_PAYLOADS)[T]>;
type Texts = string[] | null | undefined;

interface Mix extends Common {
  /** The vendor's number of the message. */
  seq?: Text;
  /** The id of the mixing task. */
  task_id?: Text;
  /** The room, as your application names it. */
  channel_id?: Text;
  /** The user who publishes the mixed stream. */
  publish_id?: Text;
  /** The address that the mixed stream is pushed to. */
  mix_url?: Text;
  /** The mixed stream's name at the CDN. */
  mix_stream_alias?: Text;
  /** The stream's name at the CDN. */
  stream_alias?: Text;
  /** The addresses to play it at, over RTMP. */
  rtmp_urls?: Texts;
  /** The addresses to play it at, over HLS. */
  hls_urls?: Texts;
  /** The addresses to play it at, over HTTP-FLV. */
  hdl_urls?: Texts;
}

interface Transcoding extends Common {
  /** The id of the transcoding task. */
  TaskId?: Text;
  /** The user who ordered it. */
  UserId?: Text;
  /** The vendor's number of the message. */
  Sequence?: Count;
  /** `TranscodeStarted` or `TranscodeStopped`; any other one is a failure. `outcomeOf(event)` reads it. */
  Status?: Text;
}

interface TranscodingStopped extends Transcoding, Live<"transcode_stop"> {
  /** Why it stopped, as a number of the vendor's. */
  StopReason?: Count;
}

interface Moderated {
  /** The room, as your application names it. */
  RoomId?: Text;
  /** The user, as your application names them. */
  UserId?: Text;
}

interface Finding {
  /** `PASS`, `REVIEW` (by a person) or `REJECT`. A stream that is rejected is a moderation that succeeded. */
  RiskLevel?: Text;
  /** Why, in the vendor's words. */
  RiskDescription?: Text;
}

interface Moderation extends Common {
  /** 0 for success. `outcomeOf(event)` reads it. */
  Code?: Count;
  /** The failure in the vendor's words. */
  Message?: Text;
  /** The id of the moderation task. */
  TaskId?: Text;
  /** Where the stream was: its room and its user. */
  AuxInfo?: Moderated | null | undefined;
}

interface Result extends Moderation {
  /** The id of this result; one task has many. */
  ResultTaskId?: Text;
  /** What was found. */
  Detail?: Finding | null | undefined;
}

interface State extends Moderation {
  /** 0 if the moderation has ended. */
  Status?: Count;
}

interface MixStarted extends Mix, Live<"mix_start"> {}
interface MixStopped extends Mix, Live<"mix_stop"> {}
interface TranscodingStarted extends Transcoding, Live<"transcode_start"> {}
interface AudioResult extends Result, Live<"censor_audio_v2_result"> {}
interface AudioState extends State, Live<"censor_audio_v2_status"> {}
interface VideoAudioResult extends Result, Live<"censor_video_v2_audio_result"> {}
interface VideoAudioState extends State, Live<"censor_video_v2_audio_status"> {}
interface PictureResult extends Result, Live<"censor_video_v2_img_result"> {}
interface PictureState extends State, Live<"censor_video_v2_img_status"> {}

export interface DescribedFlow {
  mix_start: MixStarted;
  mix_stop: MixStopped;
  transcode_start: TranscodingStarted;
  transcode_stop: TranscodingStopped;
  censor_audio_v2_result: AudioResult;
  censor_audio_v2_status: AudioState;
  censor_video_v2_audio_result: VideoAudioResult;
  censor_video_v2_audio_status: VideoAudioState;
  censor_video_v2_img_result: PictureResult;
  censor_video_v2_img_status: PictureState;
}
