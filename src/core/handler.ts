import type { Logger } from "pino";
import type { CallbackEvent, JsonValue } from "./event.ts";
import type { BatchTerms, LimitTerms } from "./limits.ts";

/**
 * Runs a step, unless it succeeded in an earlier attempt of this event. In that case it returns the earlier result.
 * `name` tells the event's steps apart. `key` is the same in each attempt, for services that take an idempotency key.
 */
export type Step = <T>(name: string, run: (key: string) => T | PromiseLike<T>) => Promise<T>;

export type HandlerContext = {
  readonly event: CallbackEvent;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly log: Logger;
  readonly step: Step;
  /** Shows progress on the event's page: a number, a text, or other plain data. The last call counts. */
  readonly progress: (value: JsonValue) => void;
  /** Aborts when the attempt's time is up and when the process must end. */
  readonly signal: AbortSignal;
  /** Set only in a run of `reliable-callback replay`: the event happened before, under this id. */
  readonly replay?: Replay;
};

/** `isTrial`: the event is parked and stays parked, whatever this run does. */
export type Replay = { readonly id: string; readonly isTrial?: boolean };

export type HandlerOptions = {
  /** How often it is tried before the event is parked. */
  readonly attempts?: number;
  /** Pause after the first failure; doubles, with jitter. */
  readonly backoffMs?: number;
  readonly timeoutMs?: number;
} & LimitTerms;

/** The returned value is ignored. A returned promise is awaited. */
export type HandlerResult = void | PromiseLike<unknown>;

/** One event of a batch, as its handler sees it. */
export type Batched = Pick<HandlerContext, "event" | "attempt">;
export type BatchContext = Pick<HandlerContext, "log" | "signal">;

export type BatchRun = BatchTerms & {
  /** Resolves with the failed events, by id, and their reasons. All others have succeeded. */
  run(events: readonly Batched[], context: BatchContext): PromiseLike<ReadonlyMap<string, unknown>>;
};

/** One line of the handlers list. `*` stands for every vendor, or for every type without a handler of its own. */
export interface Handler extends HandlerOptions {
  readonly vendor: string;
  readonly type: string;
  run(context: HandlerContext): HandlerResult;
  /** If present, the worker collects events for it and does not call `run`. `concurrency` then counts batches. */
  readonly batch?: BatchRun;
  /** Events of one key run one after another, in the order of their first arrival; without a key beside all others. */
  orderKey?(event: Pick<CallbackEvent, "type" | "body">): string | number | undefined;
}
