/** Snapshots of videos, for all vendors. */
import { PermanentError } from "../core/errors.ts";
import type { SnapshotOptions, Snapshots } from "../vendors/parsing/results.ts";
import type { CallbackEvent } from "../core/event.ts";
import type { Handler, HandlerContext, HandlerOptions, HandlerResult } from "../core/handler.ts";
import { handlersOf, vendorCalled } from "./readers.ts";

/** The pictures that an event reports. Undefined if the event reports none, or cannot be read. */
export function snapshotsOf(
  { vendor, type, body }: Pick<CallbackEvent, "vendor" | "type" | "body">,
  options: SnapshotOptions = {},
): Snapshots | undefined {
  return vendorCalled(vendor)?.snapshots?.read(type, body, options);
}

/**
 * One handler for the pictures of every vendor: `...onSnapshots(async ({ items }, context) => { ... })` in the handlers
 * list. `items` includes the failed ones, whose `ok` is false. An event whose pictures cannot be found is parked at
 * once: a later attempt would read the same event. If a type has a handler of its own, filter that type out here.
 */
export function onSnapshots(
  run: (snapshots: Snapshots, context: HandlerContext) => HandlerResult,
  { baseUrl, most, ...options }: HandlerOptions & SnapshotOptions = {},
): readonly Handler[] {
  return handlersOf(
    ({ snapshots }) => snapshots,
    options,
    (context) => {
      const snapshots = snapshotsOf(context.event, { baseUrl, most });
      if (!snapshots) throw new PermanentError(`there are no pictures in ${context.event.type}`);
      return run(snapshots, context);
    },
  );
}
