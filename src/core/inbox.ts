import type { CallbackEvent, EventRef } from "./event.ts";
import type { PushedEvent } from "./receiver.ts";
import type { Delivery, Extended, HidingTerms, SourceTerms } from "./source.ts";

/** The confirmation that a handled event is due. Times are of this process's monotonic clock, in ms. */
export type DueConfirmation = {
  readonly source: string;
  readonly fingerprint: string;
  readonly id: string;
  /** Of the event, where it is known. */
  readonly type?: string;
  readonly receipt: string;
  /** The vendor's window is certainly open before this. */
  readonly openUntil: number;
  /** The vendor's window is certainly closed after this. */
  readonly closedFrom: number;
};

/**
 * The verdict about a delivery. `add`: create a job. `renew`: the event is known, so only its newest receipt is kept.
 * `park`: the same, and its job is parked. `confirm`: it was handled before, so confirm it again. `skip`: do nothing
 * for now.
 */
export type Acceptance =
  | { readonly verdict: "add" | "renew" | "park"; readonly id: string }
  | { readonly verdict: "confirm"; readonly id: string; readonly confirmation: DueConfirmation }
  /**
   * The event comes back later.
   * - `twin`: a known event whose last window may still be open, or that was on its way when it was confirmed
   * - `stale`: the answer is too old to be trusted
   * - `no-room`: too many events wait
   * - `limit`: too many events wait for the limits of its handler
   */
  | { readonly verdict: "skip"; readonly why: (typeof SKIP_REASONS)[number] };

/** A pull that brought fewer events than it asked for. Any other event is not visible at the vendor. */
export type ShortPull = { readonly pull: string; readonly sent: number; readonly isEmpty: boolean };

export const SKIP_REASONS = ["twin", "stale", "no-room", "limit"] as const;

/** Whether a pull may be sent. `most`: there is no room for more events than this. */
export type Place =
  | {
      readonly isFree: true;
      readonly most: number;
      /** Identifies the pull among those under way. */
      readonly pull: string;
      /** Reports the end of the pull. `isLost`: no usable answer came, so the pulled events are unknown. */
      readonly end: (isLost: boolean) => void;
    }
  | { readonly isFree: false; readonly askAgainMs: number };

/**
 * `handled`: the number of handled events of this source. `isUnfilled`: its vendor turned out not to fill its answers.
 */
export type Accepted = {
  readonly acceptances: readonly Acceptance[];
  readonly handled: number;
  readonly isUnfilled?: boolean;
};

/**
 * `stored`: this run is recorded and pays for one confirmation. `confirmation` is missing while another event shares
 * the receipt. `isLost`: the run is not recorded, since Redis lost the event while it ran. So it was not confirmed
 * either.
 */
export type Marked = {
  readonly stored: boolean;
  readonly isLost?: boolean;
  readonly confirmation?: DueConfirmation;
};

/**
 * Data that an attempt may leave in the inbox. `hasSteps`: it has results of steps, which are not needed once its
 * handler has succeeded. The rest is for the event's page: log lines, and progress as JSON.
 */
export type Left = {
  readonly hasSteps?: boolean;
  readonly lines?: readonly string[];
  readonly progress?: string;
};

/** A failed attempt, for the event's history. */
export type FailedRun = { readonly ranForMs: number; readonly error: string };

/**
 * The vendor's answer about a receipt.
 * - `confirmed`: accepted
 * - `presumed`: refused inside its window after a call without an answer; that call must have taken effect
 * - `dead`: refused
 * The last two prove nothing while an extension may be replacing the receipt. If the receipt was given out twice,
 * `dead` does not prove that the receipt is dead: the other call may have taken effect.
 */
export type Settlement = "confirmed" | "presumed" | "dead";

/** Turns deliveries into jobs, and stores which events are pending or handled. */
export interface Inbox {
  /** Waits for a place under the source's quota for `action`; resolves with the inbox's own time, in ms. */
  turn(source: SourceTerms, action: "pull" | "confirm"): Promise<number>;
  /**
   * The share of that quota that all replicas used in about the last second. It is the value of this replica's last
   * turn, and fades from then on as if no replica had called since.
   */
  used(source: SourceTerms, action: "pull" | "confirm"): number;
  /**
   * Asks for room for a pull that is expected to add this many events. An event pulled without room would stay hidden
   * at its vendor for a whole window. The room is kept for a while, or until the pull ends.
   */
  place(source: SourceTerms, expected: number): Promise<Place>;
  /** `sent`: the inbox's time just before the pull's request. Resolves once every `add` is a durable job. */
  accept(source: SourceTerms, sent: number, deliveries: readonly Delivery[]): Promise<Accepted>;
  /**
   * Called after a short pull was accepted. A handled event that does not return must have been confirmed. Resolves
   * with the number of such events.
   */
  quiet(source: HidingTerms, pull: ShortPull): Promise<number>;
  /**
   * Records that the event was handled, or deliberately given up (`ran` false). Returns the confirmation that is due.
   * `ranForMs`: how long this run has been under way.
   */
  mark(event: EventRef | CallbackEvent, ran: boolean, ranForMs?: number, left?: Left): Promise<Marked>;
  /**
   * Whether an earlier run of this job already succeeded. `left` and `failed` describe the asking attempt, if it
   * failed.
   */
  ran(event: EventRef | CallbackEvent, left?: Left, failed?: FailedRun): Promise<boolean>;
  /** Records, while the event has a job, that in this attempt the handler succeeded and the sink failed. */
  noteSuccess(event: EventRef, attempt: number): Promise<void>;
  /** The attempt in which the handler succeeded, if that was recorded. */
  succeededIn(event: EventRef): Promise<number | undefined>;
  /** `unanswered`: the number of earlier calls with this receipt that had no answer. */
  settle(confirmation: DueConfirmation, outcome: Settlement, unanswered?: number): Promise<void>;
}

/**
 * The outcome of giving an event up. `given up`: its job was removed, and it is to be confirmed. `removed`: its job was
 * removed, and its vendor expects nothing. `handled`: it was handled or given up before. `none`: it runs, or is not
 * known.
 */
export type Discarded = {
  readonly outcome: "given up" | "removed" | "handled" | "none";
  /** Missing while another event shares the receipt. */
  readonly confirmation?: DueConfirmation;
};

/** An operator's actions on an event. Each happens completely or not at all, even if a process crashes. */
export interface Desk {
  /**
   * Gives the event up, unless it runs: its job is removed and its record is handled. `by`: the person, for its
   * history.
   */
  discard(event: EventRef, reason?: string, by?: string): Promise<Discarded>;
  /**
   * Treats a handled event as confirmed. If the vendor still has the event, it comes back as a new one. False if the
   * event was not handled.
   */
  end(event: EventRef, reason?: string, by?: string): Promise<boolean>;
  /**
   * The same for all events of a source, after its data went back in time: which were confirmed is unknown. Resolves
   * with their number.
   */
  endAll(source: string): Promise<number>;
}

/**
 * A pushed event with its body as JSON text. As objects it may take thirty times the memory while it waits for Redis.
 */
export type StorableEvent = Omit<PushedEvent, "body"> & {
  readonly vendor: string;
  readonly bodyJson: string;
  readonly traceparent?: string;
  /** People look for the event by these ids. */
  readonly subjects?: readonly string[];
};

/** The outcome of a push: a new job, a job that exists already, or no job because too many pushed events wait. */
export type PushVerdict = "add" | "acknowledge" | "refuse";

/** Where pushed events become jobs. */
export interface PushInbox {
  /**
   * Resolves once the event is a durable job, is known to be one already, or is refused. Rejects if `signal` aborts
   * first. Then nothing more is sent for it.
   */
  push(event: StorableEvent, memoryMs: number, signal: AbortSignal): Promise<PushVerdict>;
}

/** Keeps the window of a running event open. */
export interface HoldInbox extends Pick<Inbox, "turn"> {
  /** The newest receipt of a pending event, and the time until which its window is certainly open. */
  held(event: EventRef): Promise<Pick<DueConfirmation, "receipt" | "openUntil"> | undefined>;
  /**
   * Records, before the vendor is asked, that the receipt of a pending event may be about to be replaced. From then on
   * a refusal of it proves nothing, until the answer is stored or a redelivery brings a new receipt. Resolves with the
   * receipt.
   */
  extending(event: EventRef): Promise<string | undefined>;
  /**
   * Replaces the receipt if it is still the old one. If the event was handled meanwhile, resolves with the confirmation
   * that is due, except when the new receipt is the one that was given out then. `sent`: the inbox's time before the
   * extension was requested.
   */
  extended(event: EventRef, old: string, extended: Extended, sent: number): Promise<DueConfirmation | undefined>;
}
