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
 * list. Items that are not `ok` are among them, since they are news as well; a procedure that is still under way has
 * none. A vendor may report a stream when it is done, and once more when all of its video's are. Where a type has a
 * handler of its own, filter it out here.
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
      if (!media) throw new PermanentError(`no files are to be found in ${context.event.type}`);
      return run(media, context);
    },
  );
}
