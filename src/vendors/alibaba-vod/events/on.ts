import type { Handler } from "../../../core/handler.ts";
import { createHandler, type OnOptions, type Run } from "../../parsing/handler.ts";
import { type EventType, type PayloadOf, VENDOR, viewOf } from "./events.ts";
import { outcomeOf } from "./outcomes.ts";

/** One line of the handlers list: `on("TranscodeComplete", async (transcode, context) => { ... }, { attempts: 5 })`. */
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
    payloadOf: (body) => viewOf(type, body),
    outcomeOf,
    on,
  });
}
