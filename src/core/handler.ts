import type { Logger } from "pino";
import type { CallbackEvent, JsonValue } from "./event.ts";
import type { BatchTerms, LimitTerms } from "./limits.ts";

/**
 * Runs it, unless it succeeded in an earlier attempt of this event: then its result of that time comes back. `name` tells
 * the event's steps apart. `key` is the same in each attempt, for services that take an idempotency key.
 */
export type Step = <T>(name: string, run: (key: string) => T | PromiseLike<T>) => Promise<T>;

export type HandlerContext = {
  readonly event: CallbackEvent;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly log: Logger;
  readonly step: Step;
  /** Tells how far the event is, on its page: a number, a text, or other plain data. The last word counts. */
  readonly progress: (value: JsonValue) => void;
  /** Aborts when the attempt's time is up and when the process must end. */
  readonly signal: AbortSignal;
  /** Only in a run of `reliable-callback replay`: the event happened before, under this id. */
  readonly replay?: Replay;
};

/** `isTrial`: the event is parked and stays so, whatever comes of this run. */
export type Replay = { readonly id: string; readonly isTrial?: boolean };

export type HandlerOptions = {
  /** How often it is tried before the event is parked. */
  readonly attempts?: number;
  /** Pause after the first failure; doubles, with jitter. */
  readonly backoffMs?: number;
  readonly timeoutMs?: number;
} & LimitTerms;

/** A result is not looked at: only a promise is waited for. */
export type HandlerResult = void | PromiseLike<unknown>;

/** One event, as a batch hears of it. */
export type Batched = Pick<HandlerContext, "event" | "attempt">;
export type BatchContext = Pick<HandlerContext, "log" | "signal">;

export type BatchRun = BatchTerms & {
  /** Resolves with the events that failed, by their ids, and why. The others have succeeded. */
  run(events: readonly Batched[], context: BatchContext): PromiseLike<ReadonlyMap<string, unknown>>;
};

/** One line of the handlers list. `*` stands for every vendor, or every type that has no handler of its own. */
export interface Handler extends HandlerOptions {
  readonly vendor: string;
  readonly type: string;
  run(context: HandlerContext): HandlerResult;
  /** The worker gathers its events for this, and does not call `run`. `concurrency` counts batches. */
  readonly batch?: BatchRun;
  /** Events of one key run one after another, in the order of their first arrival; without a key beside all others. */
  orderKey?(event: Pick<CallbackEvent, "type" | "body">): string | number | undefined;
}
