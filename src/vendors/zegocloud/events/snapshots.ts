/** The pictures in ZEGOCLOUD's events. The vendor sends no status for them: every reported picture was taken. */
import { type Snapshots, toSnapshots } from "../../parsing/results.ts";
import { numberIn, textIn } from "../../parsing/read-fields.ts";
import { isObject, type JsonObject } from "../../../core/event.ts";
import { VENDOR } from "./name.ts";
import { parseExact } from "./exact-json.ts";

export const SNAPSHOT_TYPES = ["snapshot"] as const;

/** Undefined when the event is not about pictures, or its list of them cannot be read. */
export function snapshotsOf(type: string, body: JsonObject): Snapshots | undefined {
  const { snapshot_pic_list: sent } = body;
  const list: unknown = typeof sent === "string" ? parseExact(sent) : sent;
  if (type !== "snapshot" || !Array.isArray(list)) return undefined;
  const items = list.filter(isObject).map((item) => ({ url: textIn(item, "url"), offsetMs: numberIn(item, "offset") }));
  return {
    vendor: VENDOR,
    taskId: textIn(body, "task_id"),
    // The first is how the vendor spells it.
    fileId: textIn(body, "field_id", "file_id"),
    items: toSnapshots(items),
  };
}
