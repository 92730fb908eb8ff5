/** Every vendor's `on` makes a handler of a function in this way. */
import { PermanentError } from "../../core/errors.ts";
import type { CallbackEvent, JsonObject } from "../../core/event.ts";
import type { Handler, HandlerContext, HandlerOptions, HandlerResult } from "../../core/handler.ts";
import type { Outcome } from "./outcome.ts";

export type Run<Payload> = (payload: Payload, context: HandlerContext) => HandlerResult;

export type OnOptions<Payload> = HandlerOptions & {
  /**
   * The treatment of an event whose work failed, entirely or in part. Without this option `run` gets the event.
   * - `"park"`: it is kept for a person, at once
   * - `"ignore"`: it is handled; the log says so
   * - a function: this one runs in place of `run`
   */
  readonly failed?:
    | "park"
    | "ignore"
    | ((payload: Payload, context: HandlerContext, outcome: Outcome) => HandlerResult);
  /**
   * Events with the same key run one after another, in the order of their first arrival. Events with other keys run
   * beside them. An event whose key is `undefined` has no order.
   */
  readonly orderBy?: (payload: Payload) => string | number | undefined;
};

export type Making<Payload> = {
  readonly vendor: string;
  readonly type: string;
  readonly run: Run<Payload>;
  readonly options: OnOptions<Payload>;
  /** Throws a `PermanentError` when the event lacks the content of its type. */
  readonly payloadOf: (body: JsonObject) => Payload;
  /** Takes the event's own type: a handler for all types gets every one. */
  readonly outcomeOf: (type: string, body: JsonObject) => Outcome | undefined;
  /** The function that the user called. A mistake is reported at the place of that call. */
  readonly on: (...args: never) => unknown;
};

export function createHandler<Payload>({ vendor, type, run, options, ...making }: Making<Payload>): Handler {
  const mistake = mistakeIn(type, run, options);
  if (mistake !== undefined) {
    const error = new TypeError(mistake);
    Error.captureStackTrace(error, making.on);
    throw error;
  }
  const { failed, orderBy, ...ownOptions } = options;
  return {
    ...ownOptions,
    vendor,
    type,
    ...(orderBy && { orderKey: ({ body }: Pick<CallbackEvent, "body">) => orderBy(making.payloadOf(body)) }),
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

/** Makes the function that handlers call on their events. It returns undefined for an event of another vendor. */
export function forEvents(vendor: string, outcomeOf: (type: string, body: JsonObject) => Outcome | undefined) {
  return (event: Pick<CallbackEvent, "vendor" | "type" | "body">): Outcome | undefined =>
    event.vendor === vendor ? outcomeOf(event.type, event.body) : undefined;
}

type GivenOptions = {
  readonly failed?: unknown;
  readonly orderBy?: unknown;
  readonly concurrency?: unknown;
  readonly perSecond?: unknown;
  readonly afterParked?: unknown;
};

/** The types report these mistakes too, but only to an editor or a compiler that reads them. */
function mistakeIn(type: unknown, run: unknown, options: GivenOptions): string | undefined {
  if (typeof type !== "string") return `on(${String(type)}): the type of event must be a text`;
  const call = `on(${JSON.stringify(type)})`;
  if (typeof run !== "function")
    return `${call}: ${nameOf(run)} stands where the function must be that handles the event`;
  const { failed, orderBy } = options;
  if (failed !== undefined && failed !== "park" && failed !== "ignore" && typeof failed !== "function")
    return `${call}: failed is ${nameOf(failed)}; use "park", "ignore" or a function`;
  if (orderBy !== undefined && typeof orderBy !== "function")
    return `${call}: orderBy is ${nameOf(orderBy)}; use a function: (payload) => key`;
  const slip = limitSlip(options);
  return slip === undefined ? undefined : `${call}: ${slip}`;
}

/** Says what is wrong with a handler's limits. */
function limitSlip({ concurrency, perSecond, afterParked, orderBy }: GivenOptions): string | undefined {
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && Number(concurrency) >= 1))
    return `concurrency is ${nameOf(concurrency)}; use a whole number from 1 on`;
  if (perSecond !== undefined && !(typeof perSecond === "number" && perSecond > 0 && perSecond <= MOST_PER_SECOND))
    return `perSecond is ${nameOf(perSecond)}; use a number above 0, at most ${MOST_PER_SECOND}`;
  if (afterParked !== undefined && afterParked !== "goes on" && afterParked !== "holds")
    return `afterParked is ${nameOf(afterParked)}; use "goes on" or "holds"`;
  if (afterParked !== undefined && orderBy === undefined) return "afterParked is about the order of orderBy; add that";
  return undefined;
}

/** More starts per second than the Redis of one replica could do. */
const MOST_PER_SECOND = 10_000;

export function nameOf(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
