import { PermanentError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/handler.ts";
import { createHandler, type OnOptions, type Run } from "../../parsing/handler.ts";
import { type EventType, payloadOf, type PayloadOf, VENDOR } from "./events.ts";
import { outcomeOf } from "./outcomes.ts";

/** One line of the handlers list: `on("COMPLETE", async ({ jobId, outputGroupDetails }, context) => { ... })`. */
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
    payloadOf(body) {
      const payload = payloadOf(type, body);
      if (payload === undefined) throw new PermanentError(`${type} carries no detail`);
      return payload;
    },
    outcomeOf,
    on,
  });
}
