import type { CallbackEvent, EventRef, JsonObject } from "./event.ts";
import type { Outcome } from "./runs.ts";

/** The limits of one handler over all replicas, as its author wrote them. */
export type LimitTerms = {
  /** How many of its events may run at once. */
  readonly concurrency?: number;
  /** How many of its events may start per second. Fractions are allowed. */
  readonly perSecond?: number;
  /**
   * `"holds"`: a parked event holds back later events of its key until it is handled or discarded. The default is
   * `"goes on"`.
   */
  readonly afterParked?: "goes on" | "holds";
};

/** The most events in one batch, and the longest that an event waits for others. */
export type BatchTerms = { readonly size: number; readonly lingerMs: number };

/** The limits of a handler, as the gate uses them. With `batch`, they count batches instead of events. */
export type Limits = LimitTerms & {
  readonly batch?: BatchTerms;
  /** The handler's vendor and type. */
  readonly name: string;
  /** Whether its events have an order. */
  readonly isOrdered: boolean;
};

/** An event's limits and its order key. Events with the same key run one after another. */
export type Limited = { readonly limits: Limits; readonly key?: string | undefined };

/** Undefined for an event whose handler has no limits. `body` is called only if the handler's events have an order. */
export type LimitsOf = (event: Pick<CallbackEvent, "vendor" | "type">, body: () => JsonObject) => Limited | undefined;

/** An event that is handled in the batch of another. `attempt`: 1 for the first. */
export type Carried = { readonly event: CallbackEvent; readonly attempt: number; readonly startedBefore: boolean };

/**
 * Whether an event may start.
 * - `later`: start it again after this many ms; until then the rate, or the linger of its batch, holds it
 * - `held`: it is started when there is a place
 * - `carried`: the other events of its batch
 */
export type Entry =
  | { readonly kind: "go"; readonly carried?: readonly Carried[] }
  | { readonly kind: "later"; readonly afterMs: number }
  | { readonly kind: "held" };

/** `held`: events that wait. `placed`: events that run or are about to. */
export type GateCounts = { readonly held: number; readonly placed: number };

/** An operator's limits of a handler, which replace the handler's own. `null` removes one. `until`: a time in ms. */
export type GateWord = {
  readonly paused?: true | null;
  readonly concurrency?: number | null;
  readonly perSecond?: number | null;
  readonly until?: number | null;
};

/**
 * `isAlone`: the event may carry no others. `nth`: the number of this start of its job. A start whose process lost the
 * lock may report late. That report says nothing about a batch of a later start.
 */
export type GateStart = { readonly isAlone?: boolean | undefined; readonly nth?: number | undefined };

export type CarriedEnd = { readonly id: string; readonly outcome: Outcome };

/** Lets the events of a handler start within its limits, over all replicas. The rules are in `ledger/gate.ts`. */
export interface Gate {
  /** Called at every start, before the handler runs. */
  enter(event: EventRef, limited: Limited, isPushed: boolean, start?: GateStart): Promise<Entry>;
  /**
   * Called after the event's end is recorded. `done`: the events that wait for it may start. `rest`: it keeps its turn
   * and gives its place back. `back`: it keeps both.
   */
  leave(event: EventRef, limits: Limits, how: "done" | "rest" | "back", start?: GateStart): Promise<void>;
  /**
   * Reports how the carried events ended, once that is recorded and before the carrier leaves. The others wait again
   * when it has left.
   */
  endCarried(carrier: EventRef, limits: Limits, ends: readonly CarriedEnd[], start?: GateStart): Promise<void>;
  /** Repairs what a crash left behind. */
  look(limits: Limits): Promise<GateCounts>;
  /** `handler`: the name of its gate. The handler may have no limits in its code. */
  set(handler: string, word: GateWord): Promise<void>;
}

/**
 * Why the limits of its handler hold an event that could start.
 *
 * | what    | it waits |
 * | ------- | -------- |
 * | `batch` | for its batch: for company, for the end of the linger, or for a place for the batch |
 * | `place` | for a place: as many events as allowed run, or start in this second |
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
