/** Words for the fields of cloud recording and cloud player. */
import type { CLOUD_PAYLOADS } from "./cloud.ts";
import type { Common, Count, Text } from "./described-common.ts";
import type { Documented } from "./documented.ts";

type Cloud<T extends keyof typeof CLOUD_PAYLOADS> = Documented<(typeof CLOUD_PAYLOADS)[T]>;

interface Recording extends Common {
  /** The id of your application. */
  app_id?: Text;
  /** The id that the call of the API returned when the recording was ordered. */
  task_id?: Text;
  /** The room that is recorded, as your application names it. */
  room_id?: Text;
  /** The number after `cloud_recording/` in the event's type. */
  event_type: number;
  /** What happened, in the vendor's words. */
  message?: Text;
  /** The vendor's number of the message. */
  sequence?: Count;
}

interface File {
  /** The user whose stream it is. */
  user_id?: Text;
  /** The stream that was recorded. */
  stream_id?: Text;
  /** The id of the file. */
  file_id?: Text;
  /** The id of the video, if the recording went to a VOD service. */
  video_id?: Text;
  /** The address of the recording. */
  file_url?: Text;
  /** Such as `mp4`. */
  output_file_format?: Text;
  /** In bytes. */
  file_size?: Count;
  /** In milliseconds. */
  duration?: Count;
}

interface Upload {
  /** 1 if all files are in the storage they were meant for. `outcomeOf(event)` reads it. */
  upload_status?: Count;
  /** The files, one entry for each; empty if there was nothing to record. */
  file_info?: File[] | null | undefined;
}

interface Uploaded extends Recording, Cloud<"cloud_recording/1"> {
  /** The files, and whether they were uploaded. */
  detail?: Upload | null | undefined;
}

/** All the others have the same fields. */
interface RecordingState extends Recording, Cloud<"cloud_recording/2"> {
  /** More about it; its fields differ from event to event. */
  detail?: Cloud<"cloud_recording/2">["detail"];
}

interface Player extends Common {
  /** The room that it plays in, as your application names it. */
  RoomId?: Text;
  /** The id of the player. */
  PlayerId?: Text;
  /** The number after `cloud_player/` in the event's type. */
  EventType: number;
  /** When it happened, in UNIX ms. */
  EventTime?: Count;
}

interface Play {
  /** The address that it plays. */
  StreamUrl?: Text;
  PlayTime?: Count;
}

interface PlayerMade extends Player, Cloud<"cloud_player/1"> {
  /** What it plays. */
  Detail?: Play | null | undefined;
}

interface End {
  PlayTime?: Count;
  /** Why it is gone, as a number of the vendor's. */
  Reason?: Count;
}

interface PlayerGone extends Player, Cloud<"cloud_player/2"> {
  /** Why it is gone. */
  Detail?: End | null | undefined;
}

interface State {
  /** The new state, as a number of the vendor's. */
  Status?: Count;
}

interface PlayerChanged extends Player, Cloud<"cloud_player/3"> {
  /** The new state. */
  Detail?: State | null | undefined;
}

interface Fault {
  /** The failure, as a number of the vendor's. `outcomeOf(event)` has it as its code. */
  Code?: Count;
}

interface PlayerFailed extends Player, Cloud<"cloud_player/4"> {
  /** The failure. */
  Detail?: Fault | null | undefined;
}

export interface DescribedCloud {
  "cloud_recording/1": Uploaded;
  "cloud_recording/2": RecordingState;
  "cloud_recording/3": RecordingState;
  "cloud_recording/4": RecordingState;
  "cloud_recording/5": RecordingState;
  "cloud_recording/6": RecordingState;
  "cloud_recording/7": RecordingState;
  "cloud_player/1": PlayerMade;
  "cloud_player/2": PlayerGone;
  "cloud_player/3": PlayerChanged;
  "cloud_player/4": PlayerFailed;
}
