import type { Handler } from "../../../core/handler.ts";
import { createHandler, type OnOptions, type Run } from "../../parsing/handler.ts";
import { type EventType, payloadOf, type PayloadOf, VENDOR } from "./events.ts";
import { outcomeOf } from "./outcomes.ts";

/**
 * One line of the handlers list: `on("snapshot", async ({ snapshot_pic_list }, context) => { ... }, { attempts: 5 })`.
 * An event that lacks what its type is about is parked at once: it will be no different the next time.
 */
export function on<T extends EventType | "*">(
  type: T,
  run: Run<PayloadOf<T>>,
  options: OnOptions<PayloadOf<T>> = {},
): Handler {
  return createHandler({
    vendor: VENDOR,
    type,
    run,
    options,
    payloadOf: (body) => payloadOf(type, body),
    outcomeOf,
    on,
  });
}
