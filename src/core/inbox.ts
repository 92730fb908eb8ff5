import type { EventRef } from "./event.ts";
import type { PushedEvent } from "./receiver.ts";
import type { Delivery, Extended, SourceTerms } from "./source.ts";

/** A handled event that still owes its confirmation. Times are of this process's monotonic clock, in ms. */
export type Owed = {
  readonly source: string;
  readonly fingerprint: string;
  readonly id: string;
  readonly receipt: string;
  /** The vendor's window is certainly open before this. */
  readonly sureAt: number;
  /** The vendor's window is certainly closed after this. */
  readonly lateAt: number;
};

/** What the inbox says about one delivery. */
export type Acceptance =
  | { readonly verdict: "add" | "pending" | "parked"; readonly id: string }
  | { readonly verdict: "confirm"; readonly id: string; readonly owed: Owed }
  /** Not now: it comes back. */
  | { readonly verdict: "skip" };

/** `stored`: this run is written down and pays for one confirmation. `owed` is missing while another event shares the receipt. */
export type Marked = { readonly stored: boolean; readonly owed?: Owed };

/** Where deliveries become jobs, and how we know which events are pending or handled. */
export interface Inbox {
  /** Waits for a place under the source's quota for `action`; resolves with the inbox's own time, in ms. */
  turn(source: SourceTerms, action: "pull" | "confirm"): Promise<number>;
  /** `sent`: the inbox's time just before the pull's request. Resolves once every `add` is a durable job. */
  accept(
    source: SourceTerms,
    sent: number,
    deliveries: readonly Delivery[],
  ): Promise<{ readonly acceptances: readonly Acceptance[]; readonly owing: number }>;
  /** After an empty pull that really waited: what is handled and did not return must have been confirmed. Resolves with how many. */
  drained(source: SourceTerms, sent: number): Promise<number>;
  /** Writes down that the event was handled (or given up knowingly: `ran` false), and says what is owed. */
  mark(event: EventRef, ran: boolean): Promise<Marked>;
  /** Whether an earlier run of this job already succeeded. */
  ran(id: string): Promise<boolean>;
  settle(owed: Owed, outcome: "confirmed" | "dead"): Promise<void>;
}

/** A pushed event with its body as JSON text: as a tree it may take thirty times the memory while it waits for Redis. */
export type StorableEvent = Omit<PushedEvent, "body"> & { readonly vendor: string; readonly bodyJson: string };

/** Where pushed events become jobs. */
export interface PushInbox {
  /**
   * Resolves once the event is a durable job, or is known to be one already; rejects when `signal` aborts before. Then
   * nothing more is sent for it.
   */
  push(event: StorableEvent, memoryMs: number, signal: AbortSignal): Promise<"add" | "known">;
}

/** What keeps the window of a running event open. */
export interface HoldInbox extends Pick<Inbox, "turn"> {
  /** The newest receipt of a pending event, and until when its window is certainly open. */
  held(event: EventRef): Promise<Pick<Owed, "receipt" | "sureAt"> | undefined>;
  /**
   * Swaps the receipt, if it is still the old one, and resolves with what is owed if the event was handled meanwhile.
   * `sent`: the inbox's time before the extension was asked for.
   */
  extended(event: EventRef, old: string, extended: Extended, sent: number): Promise<Owed | undefined>;
}
