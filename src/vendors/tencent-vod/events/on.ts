import { PermanentError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/handler.ts";
import { createHandler, type OnOptions, type Run } from "../../parsing/handler.ts";
import { canonical, type EventType, fieldOf, type PayloadOf } from "./event-types.ts";
import { payloadOf, VENDOR } from "./events.ts";
import { outcomeOf } from "./outcomes.ts";

/**
 * One line of the handlers list: `on("NewFileUpload", async (upload, context) => { ... }, { attempts: 5 })`.
 * An event that lacks its content is parked at once: it will be no different the next time.
 */
export function on<T extends EventType | "*">(
  type: T,
  run: Run<PayloadOf<T>>,
  options: OnOptions<PayloadOf<T>> = {},
): Handler {
  return createHandler({
    vendor: VENDOR,
    type: canonical(type),
    run,
    options,
    payloadOf(body) {
      const payload = payloadOf(type, body);
      if (payload === undefined) throw new PermanentError(`${type} carries no ${fieldOf(type) ?? "content"}`);
      return payload;
    },
    outcomeOf,
    on,
  });
}
