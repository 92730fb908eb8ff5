/**
 * The pictures in Alibaba Cloud VOD's SnapshotComplete. The event carries no addresses but rules to make them. The
 * number of each picture takes the place of `{SnapshotCount}`. Numbers start at 1 and are padded to five digits.
 */
import { type Found, type SnapshotOptions, type Snapshots, toSnapshots } from "../../parsing/results.ts";
import { numberIn, objectsIn, textIn } from "../../parsing/read-fields.ts";
import type { JsonObject } from "../../../core/event.ts";
import { VENDOR, viewOf } from "./events.ts";
import { faultOf } from "./faults.ts";

export const SNAPSHOT_TYPES = ["SnapshotComplete"] as const;

const MOST = 10_000;
/**
 * The longest rule. Addresses and names are shorter. Nobody signs the event, and each picture repeats the rule: a
 * megabyte, repeated 10,000 times, is more than a process can hold.
 */
const MOST_OF_A_RULE = 2_048;
const MOST_OF_A_KIND = 100;
const PLACE = "{SnapshotCount}";

/** Undefined when the event is not about pictures. */
export function snapshotsOf(type: string, body: JsonObject, options: SnapshotOptions = {}): Snapshots | undefined {
  if (type !== "SnapshotComplete") return undefined;
  const view = viewOf(type, body);
  const infos = objectsIn(view, "SnapshotInfos");
  const sets = infos?.map((info) => toSet(info, options.baseUrl)) ?? [];
  const wholeFault = infos === undefined || infos.length === 0 ? (faultOf(view) ?? "it lists no pictures") : undefined;
  const most = options.most ?? MOST;
  const found = wholeFault === undefined ? expand(sets, most) : [{ error: wholeFault }];
  const omitted = sets.reduce((sum, { count }) => sum + count, 0) - most;
  return {
    vendor: VENDOR,
    taskId: textIn(view, "JobId") ?? infos?.map((info) => textIn(info, "JobId")).find((id) => id !== undefined),
    fileId: textIn(view, "VideoId"),
    items: toSnapshots(found),
    ...(omitted > 0 && { omitted }),
  };
}

type PictureSet = { readonly count: number; readonly at: (number: number) => Found };

function toSet(info: JsonObject, baseUrl: string | undefined): PictureSet {
  const kind = textIn(info, "SnapshotType")?.slice(0, MOST_OF_A_KIND);
  const error = faultOf(info);
  if (error !== undefined) return { count: 1, at: () => ({ kind, error }) };
  const rule = ruleOf(info, baseUrl);
  // A rule without a place for the number makes one address, whatever the count says.
  if (rule === undefined || !rule.includes(PLACE)) return { count: 1, at: () => ({ kind, url: rule }) };
  if (rule.length > MOST_OF_A_RULE) {
    return { count: 1, at: () => ({ kind, error: `its rule has more than ${MOST_OF_A_RULE} characters` }) };
  }
  return {
    count: Math.min(Math.max(0, Math.floor(numberIn(info, "SnapshotCount") ?? 0)), Number.MAX_SAFE_INTEGER),
    at: (number) => ({ kind, url: rule.replaceAll(PLACE, String(number).padStart(5, "0")) }),
  };
}

function ruleOf(info: JsonObject, baseUrl: string | undefined): string | undefined {
  const format = textIn(info, "SnapshotFormat");
  if (baseUrl === undefined || format === undefined) return textIn(info, "SnapshotRegular");
  return `${baseUrl.replace(/\/+$/, "")}/${format.replace(/^\/+/, "")}`;
}

function expand(sets: readonly PictureSet[], most: number): readonly Found[] {
  const found: Found[] = [];
  for (const { count, at } of sets) {
    for (let number = 1; number <= count && found.length < most; number += 1) found.push(at(number));
  }
  return found;
}
