import type { JsonObject } from "../../../core/event.ts";
import type { Handler } from "../../../core/handler.ts";
import { createBatchHandler, type OnBatchOptions, type RunBatch } from "../../parsing/batch-handler.ts";
import { createHandler, type OnOptions, type Run } from "../../parsing/handler.ts";
import { type EventType, payloadOf, type PayloadOf } from "./events.ts";
import { VENDOR } from "./name.ts";
import { outcomeOf } from "./outcomes.ts";

/**
 * One line of the handlers list: `on("snapshot", async ({ snapshot_pic_list }, context) => { ... }, { attempts: 5 })`.
 * An event that lacks a required field is parked at once: a later attempt would read the same event.
 */
export function on<T extends EventType | "*">(
  type: T,
  run: Run<PayloadOf<T>>,
  options: OnOptions<PayloadOf<T>> = {},
): Handler {
  return createHandler({ ...aboutOf(type), run, options, on });
}

/**
 * The same for a handler that takes its events in batches:
 * `onBatch("snapshot", async (events, context) => { ... }, { size: 100, lingerMs: 500 })`. An event waits for others for at most
 * `lingerMs`. Return nothing if all are handled, else `{ failed: new Map([[id, error]]) }`.
 * Each failed event is then retried or parked by itself.
 */
export function onBatch<T extends EventType | "*">(
  type: T,
  run: RunBatch<PayloadOf<T>>,
  options: OnBatchOptions,
): Handler {
  return createBatchHandler({ ...aboutOf(type), run, options, on: onBatch });
}

function aboutOf<T extends EventType | "*">(type: T) {
  return {
    vendor: VENDOR,
    type,
    payloadOf: (body: JsonObject) => payloadOf(type, body),
    outcomeOf,
  };
}
