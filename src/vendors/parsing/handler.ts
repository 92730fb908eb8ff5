/** Every vendor's `on` makes a handler of a function in this way. */
import { PermanentError } from "../../core/errors.ts";
import type { CallbackEvent, JsonObject } from "../../core/event.ts";
import type { Handler, HandlerContext, HandlerOptions, HandlerResult } from "../../core/handler.ts";
import type { Outcome } from "./outcome.ts";

export type Run<Payload> = (payload: Payload, context: HandlerContext) => HandlerResult;

export type OnOptions<Payload> = HandlerOptions & {
  /**
   * The treatment of an event that reports failed work, all of it or a part. Without this option `run` gets it.
   * - `"park"`: it is kept for a person, at once
   * - `"ignore"`: it is handled; the log says so
   * - a function: this one runs in place of `run`
   */
  readonly failed?:
    | "park"
    | "ignore"
    | ((payload: Payload, context: HandlerContext, outcome: Outcome) => HandlerResult);
};

type Making<Payload> = {
  readonly vendor: string;
  readonly type: string;
  readonly run: Run<Payload>;
  readonly options: OnOptions<Payload>;
  /** Throws a `PermanentError` when the event lacks what its type is about. */
  readonly payloadOf: (body: JsonObject) => Payload;
  /** Of the event's own type: a handler for all gets every one. */
  readonly outcomeOf: (type: string, body: JsonObject) => Outcome | undefined;
  /** The function that was called: a mistake is told with the place of that call. */
  readonly on: (...args: never) => unknown;
};

export function createHandler<Payload>({ vendor, type, run, options, ...making }: Making<Payload>): Handler {
  const mistake = mistakeIn(type, run, options);
  if (mistake !== undefined) {
    const error = new TypeError(mistake);
    Error.captureStackTrace(error, making.on);
    throw error;
  }
  const { failed, ...ownOptions } = options;
  return {
    ...ownOptions,
    vendor,
    type,
    run(context) {
      const { type: ownType, body } = context.event;
      const payload = making.payloadOf(body);
      const outcome = failed === undefined ? undefined : making.outcomeOf(ownType, body);
      if (failed === undefined || outcome?.fault === undefined) return run(payload, context);
      if (typeof failed === "function") return failed(payload, context, outcome);
      const words = outcome.state === "partly" ? "reports work that failed in part" : "reports work that failed";
      if (failed === "park") throw new PermanentError(`${ownType} ${words}: ${outcome.fault}`);
      return context.log.info({ fault: outcome.fault }, `ignored: the event ${words}`);
    },
  };
}

/** The same as a function that handlers call on the events they get; undefined for another vendor's. */
export function forEvents(vendor: string, outcomeOf: (type: string, body: JsonObject) => Outcome | undefined) {
  return (event: Pick<CallbackEvent, "vendor" | "type" | "body">): Outcome | undefined =>
    event.vendor === vendor ? outcomeOf(event.type, event.body) : undefined;
}

/** Types tell these as well, to those whose editor looks at them. */
function mistakeIn(type: unknown, run: unknown, options: { readonly failed?: unknown }): string | undefined {
  if (typeof type !== "string") return `on(${String(type)}): the type of event must be a text`;
  const call = `on(${JSON.stringify(type)})`;
  if (typeof run !== "function")
    return `${call}: ${nameOf(run)} stands where the function must be that handles the event`;
  const { failed } = options;
  if (failed === undefined || failed === "park" || failed === "ignore" || typeof failed === "function")
    return undefined;
  return `${call}: failed is ${nameOf(failed)}; use "park", "ignore" or a function`;
}

function nameOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
