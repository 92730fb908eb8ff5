import type { CallbackEvent, EventRef, JsonObject } from "./event.ts";

/** The limits of one handler over all replicas, as its author wrote them. */
export type LimitTerms = {
  /** So many of its events run at once. */
  readonly concurrency?: number;
  /** So many of its events start in a second; fractions are allowed. */
  readonly perSecond?: number;
  /** `"holds"`: a parked event holds those of its key until it is handled or discarded. `"goes on"` without it. */
  readonly afterParked?: "goes on" | "holds";
};

/** The handler of an event, as the gate knows it. */
export type Limits = LimitTerms & {
  /** Of the handler: its vendor and type. */
  readonly name: string;
  /** Whether its events have an order. */
  readonly isOrdered: boolean;
};

/** An event's limits, and what it is in order with: those of one key run one after another. */
export type Limited = { readonly limits: Limits; readonly key?: string | undefined };

/** Undefined for an event whose handler has no limits. `body`: asked for only if its events have an order. */
export type LimitsOf = (event: Pick<CallbackEvent, "vendor" | "type">, body: () => JsonObject) => Limited | undefined;

/** `later`: there is a place, and the rate lets it start so many ms later. `held`: it is started when there is a place. */
export type Entry =
  | { readonly kind: "go" }
  | { readonly kind: "later"; readonly afterMs: number }
  | { readonly kind: "held" };

/** `held`: events that wait for it. `placed`: those that run, or are about to. */
export type GateCounts = { readonly held: number; readonly placed: number };

/** An operator's limits in place of the handler's own. `null` takes one back. `until`: a time in ms. */
export type GateWord = {
  readonly paused?: true | null;
  readonly concurrency?: number | null;
  readonly perSecond?: number | null;
  readonly until?: number | null;
};

/** Lets the events of a handler start within its limits, over all replicas. The rules stand in `ledger/gate.ts`. */
export interface Gate {
  /** At every start, before the handler runs. */
  enter(event: EventRef, limited: Limited, isPushed: boolean): Promise<Entry>;
  /**
   * After the event's end is written down. `done`: what waits for it goes on. `rest`: it keeps its turn and gives its place
   * back. `back`: it keeps both.
   */
  leave(event: EventRef, limits: Limits, how: "done" | "rest" | "back"): Promise<void>;
  /** Makes good what a crash left. */
  look(limits: Limits): Promise<GateCounts>;
  set(limits: Limits, word: GateWord): Promise<void>;
}
