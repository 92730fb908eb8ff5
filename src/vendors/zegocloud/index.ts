/** ZEGOCLOUD: pushed by HTTP callbacks. */
import { secrets } from "../../settings/fields.ts";
import type { Settings, ValuesOf } from "../../settings/setting.ts";
import { defineVendor } from "../vendor.ts";
import { VENDOR } from "./events/name.ts";
import { MEDIA_TYPES, mediaOf } from "./events/media.ts";
import { EVENT_TYPES, outcomeOf } from "./events/outcomes.ts";
import { SNAPSHOT_TYPES, snapshotsOf } from "./events/snapshots.ts";

const SETTINGS = {
  ZEGO_CALLBACK_SECRETS: {
    field: secrets,
    about: "ZEGOCLOUD's callback secrets; a comma list.",
    isSecret: true,
    opens: "push",
  },
} satisfies Settings;

export const zegocloud = defineVendor({
  name: VENDOR,
  title: "ZEGOCLOUD",
  prefixes: ["ZEGO"],
  settings: SETTINGS,
  needs: ["ZEGO_CALLBACK_SECRETS"],
  types: EVENT_TYPES,
  // Types with numbers.
  openTypes: /^(cloud_recording|cloud_player|EventType)\/\d{1,6}$/,
  outcomeOf,
  subjects: [
    "task_id",
    "file_id",
    "stream_id",
    "room_id",
    "session_id",
    "room_session_id",
    "video_id",
    "TaskId",
    "StreamId",
    "RoomId",
    "PlayerId",
  ],
  snapshots: { types: SNAPSHOT_TYPES, read: snapshotsOf },
  media: { types: MEDIA_TYPES, read: mediaOf },

  push: {
    /** The vendor always signs, so an unguessable path alone does not open the door. */
    read({ ZEGO_CALLBACK_SECRETS: list }: ValuesOf<typeof SETTINGS>) {
      return list && { secrets: list };
    },
    async open(settings) {
      const { createZegoReceiver } = await import("./push/receiver.ts");
      return [createZegoReceiver(settings)];
    },
  },
});
