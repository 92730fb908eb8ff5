/** New media files, whoever made them: transcoded, recorded, put together or cut. */
import { PermanentError } from "../core/errors.ts";
import type { Media } from "../vendors/parsing/results.ts";
import type { CallbackEvent } from "../core/event.ts";
import type { Handler, HandlerContext, HandlerOptions } from "../core/handler.ts";
import { MEDIA_TYPES as ALIBABA_TYPES, mediaOf as mediaOfAlibaba } from "../vendors/alibaba-vod/events/media.ts";
import { MEDIA_TYPES as TENCENT_TYPES, mediaOf as mediaOfTencent } from "../vendors/tencent-vod/events/media.ts";
import { MEDIA_TYPES as ZEGO_TYPES, mediaOf as mediaOfZego } from "../vendors/zegocloud/media.ts";

const VENDORS = {
  "tencent-vod": { types: TENCENT_TYPES, read: mediaOfTencent },
  "alibaba-vod": { types: ALIBABA_TYPES, read: mediaOfAlibaba },
  zegocloud: { types: ZEGO_TYPES, read: mediaOfZego },
};

/** The files an event reports; undefined when it is about something else, or cannot be read. */
export function mediaOf({ vendor, type, body }: Pick<CallbackEvent, "vendor" | "type" | "body">): Media | undefined {
  return isVendor(vendor) ? VENDORS[vendor].read(type, body) : undefined;
}

/**
 * One handler for the files of every vendor: `...onMedia(async ({ kind, items }, context) => { ... })` in the handlers
 * list. Items that are not `ok` are among them, since they are news as well; a procedure that is still under way has none.
 * Alibaba Cloud reports a stream when it is done, and once more when all of its video's are. Where a type has a handler of
 * its own, filter it out here.
 */
export function onMedia(
  run: (media: Media, context: HandlerContext) => unknown,
  options: HandlerOptions = {},
): readonly Handler[] {
  return Object.entries(VENDORS).flatMap(([vendor, { types }]) =>
    types.map((type) => ({
      ...options,
      vendor,
      type,
      run(context: HandlerContext) {
        const media = mediaOf(context.event);
        if (!media) throw new PermanentError(`no files are to be found in ${type}`);
        return run(media, context);
      },
    })),
  );
}

function isVendor(vendor: string): vendor is keyof typeof VENDORS {
  return Object.hasOwn(VENDORS, vendor);
}
