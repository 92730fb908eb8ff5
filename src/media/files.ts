/** New media files of all vendors: transcoded, recorded, joined or cut. */
import { PermanentError } from "../core/errors.ts";
import type { Media } from "../vendors/parsing/results.ts";
import type { CallbackEvent } from "../core/event.ts";
import type { Handler, HandlerContext, HandlerOptions, HandlerResult } from "../core/handler.ts";
import { handlersOf, vendorCalled } from "./readers.ts";

/** The files that an event reports. Undefined if the event reports none, or cannot be read. */
export function mediaOf({ vendor, type, body }: Pick<CallbackEvent, "vendor" | "type" | "body">): Media | undefined {
  return vendorCalled(vendor)?.media?.read(type, body);
}

/**
 * One handler for the files of every vendor: `...onMedia(async ({ kind, items }, context) => { ... })` in the handlers
 * list. `items` includes the failed ones, whose `ok` is false. A procedure that is still under way has no items. A
 * vendor may report a stream when it is done, and once more when all streams of its video are. If a type has a handler
 * of its own, filter that type out here.
 */
export function onMedia(
  run: (media: Media, context: HandlerContext) => HandlerResult,
  options: HandlerOptions = {},
): readonly Handler[] {
  return handlersOf(
    ({ media }) => media,
    options,
    (context) => {
      const media = mediaOf(context.event);
      if (!media) throw new PermanentError(`there are no files in ${context.event.type}`);
      return run(media, context);
    },
  );
}
