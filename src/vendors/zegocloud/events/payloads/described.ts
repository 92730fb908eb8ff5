/**
 * Descriptions of the fields that people use, on the types that the schemas give. An editor shows a field's description
 * only if the type declares the field itself, and loses it on the way through a schema. The compiler checks each field
 * against its schema.
 */
import type { DescribedCloud } from "./described-cloud.ts";
import type { Common, Text } from "./described-common.ts";
import type { DescribedFlow } from "./described-flow.ts";
import type { Documented } from "./documented.ts";
import type { LIVE_PAYLOADS } from "./live.ts";
import type { MEDIA_PAYLOADS } from "./media.ts";

type Media<T extends keyof typeof MEDIA_PAYLOADS> = Documented<(typeof MEDIA_PAYLOADS)[T]>;
type Live<T extends keyof typeof LIVE_PAYLOADS> = Documented<(typeof LIVE_PAYLOADS)[T]>;

interface Task extends Common {
  /** The id that the call of the API returned when the work was ordered. */
  task_id?: Text;
}

interface Room extends Common {
  /** The room, as your application names it. */
  room_id?: Text;
  /** One session of the room: from the first who enters to the last who leaves. */
  room_session_id?: Text;
}

interface Visit extends Common {
  /** The room, as your application names it. */
  room_id?: Text;
  /** The session of the room: the `room_session_id` of other events. */
  room_seq?: Text;
  /** The user, as your application names them. */
  user_account?: Text;
  user_nickname?: Text;
  /** One visit: the same when the user enters and leaves. */
  session_id?: Text;
  /** UNIX ms. */
  login_time?: Text;
}

interface Stream extends Room {
  /** The user who publishes it. */
  user_id?: Text;
  user_name?: Text;
  /** The stream, as your application names it. */
  stream_id?: Text;
  /** The stream's name at the CDN. */
  stream_alias?: Text;
  /** UNIX ms. */
  create_time_ms?: Text;
}

interface Recorded extends Common, Media<"record"> {
  /** The stream's name at the CDN. */
  stream_alias?: Text;
  /** The address of the recording. */
  replay_url: string;
  /** The begin of the recording, in UNIX seconds. */
  begin_time?: Text;
  /** The end of the recording, in UNIX seconds. */
  end_time?: Text;
}

interface Composed extends Task, Media<"compose"> {
  /** The id of the file that was made. */
  file_id?: Text;
  /** The address of the file that was made. */
  replay_url?: Text;
  /** "0" for success. `outcomeOf(event)` reads it. */
  code?: Text;
  /** The failure in the vendor's words. */
  message?: Text;
}

interface Processed extends Task, Media<"procedure"> {
  /** `SUCCESS` or `FAILED`. Each output has a code of its own: `outcomeOf(event)` reads them. */
  status?: Text;
  /** The id of the file that was processed. */
  file_id?: Text;
}

interface Snapshots extends Task, Media<"snapshot"> {
  /** The CDN: `tencent` or `hw`. */
  vendor?: Text;
  /** The addresses of the pictures. `snapshotsOf(event)` lists them as it does for other vendors. */
  snapshot_pic_list: Media<"snapshot">["snapshot_pic_list"];
}

interface RoomCreated extends Room, Live<"room_create"> {
  /** UNIX ms. */
  room_create_time?: Text;
}

interface RoomClosed extends Room, Live<"room_close"> {
  /** UNIX ms. */
  room_close_time?: Text;
}

interface Entered extends Visit, Live<"room_login"> {}

interface Left extends Visit, Live<"room_logout"> {
  /** UNIX ms. */
  logout_time?: Text;
  /** "0" if the user left by themselves. */
  reason?: Text;
}

interface StreamCreated extends Stream, Live<"stream_create"> {}

interface StreamClosed extends Stream, Live<"stream_close"> {
  /** "0" if the user ended it. */
  type?: Text;
  /** UNIX ms. */
  destroy_timemillis?: Text;
}

export interface Described extends DescribedFlow, DescribedCloud {
  record: Recorded;
  compose: Composed;
  procedure: Processed;
  snapshot: Snapshots;
  room_create: RoomCreated;
  room_close: RoomClosed;
  room_login: Entered;
  room_logout: Left;
  stream_create: StreamCreated;
  stream_close: StreamClosed;
}
