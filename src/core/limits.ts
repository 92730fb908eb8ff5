import type { CallbackEvent, EventRef, JsonObject } from "./event.ts";
import type { Outcome } from "./runs.ts";

/** The limits of one handler over all replicas, as its author wrote them. */
export type LimitTerms = {
  /** So many of its events run at once. */
  readonly concurrency?: number;
  /** So many of its events start in a second; fractions are allowed. */
  readonly perSecond?: number;
  /** `"holds"`: a parked event holds those of its key until it is handled or discarded. `"goes on"` without it. */
  readonly afterParked?: "goes on" | "holds";
};

/** So many events in one batch at most; one waits for others for so long at most. */
export type BatchTerms = { readonly size: number; readonly lingerMs: number };

/** The handler of an event, as the gate knows it. With `batch`, its limits are about batches. */
export type Limits = LimitTerms & {
  readonly batch?: BatchTerms;
  /** Of the handler: its vendor and type. */
  readonly name: string;
  /** Whether its events have an order. */
  readonly isOrdered: boolean;
};

/** An event's limits, and what it is in order with: those of one key run one after another. */
export type Limited = { readonly limits: Limits; readonly key?: string | undefined };

/** Undefined for an event whose handler has no limits. `body`: asked for only if its events have an order. */
export type LimitsOf = (event: Pick<CallbackEvent, "vendor" | "type">, body: () => JsonObject) => Limited | undefined;

/** An event that is handled in the batch of another. `attempt`: 1 for the first. */
export type Carried = { readonly event: CallbackEvent; readonly attempt: number; readonly startedBefore: boolean };

/**
 * `later`: it is to be started again so many ms later: the rate lets it start then, or it has waited for its batch by then.
 * `held`: it is started when there is a place. `carried`: the rest of its batch.
 */
export type Entry =
  | { readonly kind: "go"; readonly carried?: readonly Carried[] }
  | { readonly kind: "later"; readonly afterMs: number }
  | { readonly kind: "held" };

/** `held`: events that wait for it. `placed`: those that run, or are about to. */
export type GateCounts = { readonly held: number; readonly placed: number };

/** An operator's limits of a handler, in place of the handler's own. `null` takes one back. `until`: a time in ms. */
export type GateWord = {
  readonly paused?: true | null;
  readonly concurrency?: number | null;
  readonly perSecond?: number | null;
  readonly until?: number | null;
};

/**
 * `isAlone`: it may carry no others. `nth`: which of its job's starts it is. What an earlier one says late, since its process
 * lost the lock, says nothing of a batch that a later one runs.
 */
export type GateStart = { readonly isAlone?: boolean | undefined; readonly nth?: number | undefined };

export type CarriedEnd = { readonly id: string; readonly outcome: Outcome };

/** Lets the events of a handler start within its limits, over all replicas. The rules stand in `ledger/gate.ts`. */
export interface Gate {
  /** At every start, before the handler runs. */
  enter(event: EventRef, limited: Limited, isPushed: boolean, start?: GateStart): Promise<Entry>;
  /**
   * After the event's end is written down. `done`: what waits for it goes on. `rest`: it keeps its turn and gives its place
   * back. `back`: it keeps both.
   */
  leave(event: EventRef, limits: Limits, how: "done" | "rest" | "back", start?: GateStart): Promise<void>;
  /** How those ended that it carried, once that is written down, before it leaves. The others wait again when it does. */
  endCarried(carrier: EventRef, limits: Limits, ends: readonly CarriedEnd[], start?: GateStart): Promise<void>;
  /** Makes good what a crash left. */
  look(limits: Limits): Promise<GateCounts>;
  /** `handler`: the name of its gate. It may have no limits of its own. */
  set(handler: string, word: GateWord): Promise<void>;
}

/**
 * What holds an event that could start but for the limits of its handler.
 *
 * | what    | it waits |
 * | ------- | -------- |
 * | `batch` | for its batch: for company, for the end of the linger, or for a place for the batch |
 * | `place` | for a place: as many run, or start in a second, as may |
 * | `rate`  | for its time: the rate lets it start within a second or two |
 * | `key`   | for the events before it that have its key; `after`: the first of them |
 * | `pause` | for the operator, who holds its handler |
 */
export type Held = {
  readonly what: (typeof HELD_FOR)[number];
  readonly handler: string;
  readonly key?: string;
  readonly after?: string;
};

export const HELD_FOR = ["batch", "place", "rate", "key", "pause"] as const;
