/** Pictures of videos, whoever took them. */
import { PermanentError } from "../core/errors.ts";
import type { Snapshots } from "../vendors/parsing/results.ts";
import type { CallbackEvent } from "../core/event.ts";
import type { Handler, HandlerContext, HandlerOptions } from "../core/handler.ts";
import {
  SNAPSHOT_TYPES as ALIBABA_TYPES,
  snapshotsOf as snapshotsOfAlibaba,
  type SnapshotOptions as AlibabaOptions,
} from "../vendors/alibaba-vod/events/snapshots.ts";
import {
  SNAPSHOT_TYPES as TENCENT_TYPES,
  snapshotsOf as snapshotsOfTencent,
} from "../vendors/tencent-vod/events/snapshots.ts";
import { SNAPSHOT_TYPES as ZEGO_TYPES, snapshotsOf as snapshotsOfZego } from "../vendors/zegocloud/snapshots.ts";

export type SnapshotOptions = {
  /** What only Alibaba Cloud VOD needs, whose events carry rules instead of addresses. */
  readonly alibabaVod?: AlibabaOptions;
};

const VENDORS = {
  "tencent-vod": { types: TENCENT_TYPES, read: snapshotsOfTencent },
  "alibaba-vod": { types: ALIBABA_TYPES, read: snapshotsOfAlibaba },
  zegocloud: { types: ZEGO_TYPES, read: snapshotsOfZego },
};

/** The pictures an event reports; undefined when it is about something else, or cannot be read. */
export function snapshotsOf(
  { vendor, type, body }: Pick<CallbackEvent, "vendor" | "type" | "body">,
  { alibabaVod: rules }: SnapshotOptions = {},
): Snapshots | undefined {
  return isVendor(vendor) ? VENDORS[vendor].read(type, body, rules) : undefined;
}

/**
 * One handler for the pictures of every vendor: `...onSnapshots(async ({ items }, context) => { ... })` in the handlers
 * list. Items that are not `ok` are among them, since they are news as well. An event whose pictures cannot be found is
 * parked at once: it will be no different the next time. Where a type has a handler of its own, filter it out here.
 */
export function onSnapshots(
  run: (snapshots: Snapshots, context: HandlerContext) => unknown,
  { alibabaVod: rules, ...options }: HandlerOptions & SnapshotOptions = {},
): readonly Handler[] {
  return Object.entries(VENDORS).flatMap(([vendor, { types }]) =>
    types.map((type) => ({
      ...options,
      vendor,
      type,
      run(context: HandlerContext) {
        const snapshots = snapshotsOf(context.event, rules && { alibabaVod: rules });
        if (!snapshots) throw new PermanentError(`no pictures are to be found in ${type}`);
        return run(snapshots, context);
      },
    })),
  );
}

function isVendor(vendor: string): vendor is keyof typeof VENDORS {
  return Object.hasOwn(VENDORS, vendor);
}
