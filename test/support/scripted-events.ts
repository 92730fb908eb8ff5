/** Events for the scripted handlers, in each vendor's format. The same key and script make the same event. */
import type { DoorName } from "../../src/simulators/fleet.ts";
import type { EventBody } from "../../src/simulators/kit/door.ts";
import type { Script } from "./script.ts";

export type Scripted = { readonly key: string; readonly script?: Script };

/** A key with this prefix makes an event that is handled in batches. */
export const IN_BATCH = "row ";

const upload = ({ key, script = {} }: Scripted): EventBody => ({
  EventType: key.startsWith(IN_BATCH) ? "FileDeleted" : "NewFileUpload",
  FileUploadEvent: { FileId: key, Script: script },
});

const EVENTS: Readonly<Record<DoorName, (event: Scripted) => EventBody>> = {
  "tencent-vod": upload,
  "tencent-vod-push": upload,
  "alibaba-mns": keyed({ EventType: "SnapshotComplete" }),
  "alibaba-vod": keyed({ EventType: "FileUploadComplete" }),
  zegocloud: keyed({ appid: "3141592653", event: "door_test" }),
  "aws-sqs": keyed({ "detail-type": "MediaConvert Job State Change", detail: { status: "COMPLETE" } }),
};

export function scripted(door: string, event: Scripted): EventBody {
  const make = new Map(Object.entries(EVENTS)).get(door);
  if (!make) throw new Error(`no event for ${door}`);
  return make(event);
}

function keyed(rest: EventBody): (event: Scripted) => EventBody {
  return ({ key, script = {} }) => ({ ...rest, id: key, Key: key, Script: script });
}
