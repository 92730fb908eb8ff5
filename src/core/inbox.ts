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
 * What is to be done with one delivery: `add` a job; `renew`: it is known, its newest receipt is kept, nothing more;
 * `park`: the same, and its job is parked; `confirm` it again, since it was handled before; `skip` it for now.
 */
export type Acceptance =
  | { readonly verdict: "add" | "renew" | "park"; readonly id: string }
  | { readonly verdict: "confirm"; readonly id: string; readonly confirmation: DueConfirmation }
  /**
   * It comes back. `twin`: it is known, and its last window may still be open, or it was on its way when its event was
   * confirmed; `stale`: the answer is too old to be believed; `no-room`: too much waits; `limit`: too much waits for the limits of its handler.
   */
  | { readonly verdict: "skip"; readonly why: (typeof SKIP_REASONS)[number] };

/** A pull that brought less than was asked for: what it did not bring is not visible at the vendor. */
export type ShortPull = { readonly pull: string; readonly sent: number; readonly isEmpty: boolean };

export const SKIP_REASONS = ["twin", "stale", "no-room", "limit"] as const;

/** Whether a pull may be sent. `most`: more than that would find no room. */
export type Place =
  | {
      readonly isFree: true;
      readonly most: number;
      /** Names the pull among those that are under way. */
      readonly pull: string;
      /** The pull ended; `isLost`: without a usable answer, so that nobody knows what it took. */
      readonly end: (isLost: boolean) => void;
    }
  | { readonly isFree: false; readonly askAgainMs: number };

/** `handled`: how many events are, of this source; `isUnfilled`: its vendor does not fill its answers, as it turns out. */
export type Accepted = {
  readonly acceptances: readonly Acceptance[];
  readonly handled: number;
  readonly isUnfilled?: boolean;
};

/**
 * `stored`: this run is written down and pays for one confirmation. `confirmation` is missing while another event shares the
 * receipt. `isLost`: it is not, since Redis lost the event while it ran; so it was not confirmed either.
 */
export type Marked = {
  readonly stored: boolean;
  readonly isLost?: boolean;
  readonly confirmation?: DueConfirmation;
};

/**
 * An attempt may leave these in the inbox. `hasSteps`: results of steps, which are not needed once its handler succeeded. The
 * rest is for its event's page: lines, and how far it came, as JSON.
 */
export type Left = {
  readonly hasSteps?: boolean;
  readonly lines?: readonly string[];
  readonly progress?: string;
};

/** An attempt that failed, for its event's life. */
export type FailedRun = { readonly ranForMs: number; readonly error: string };

/**
 * The vendor's answer about a receipt. `confirmed`: taken. `presumed`: refused inside its window after a call without an
 * answer, which must have taken effect. `dead`: refused. The last two say nothing while the receipt may be being replaced.
 * `dead` does not say that the receipt is dead if it was given out twice: the other call may have taken effect.
 */
export type Settlement = "confirmed" | "presumed" | "dead";

/** Where deliveries become jobs, and how we know which events are pending or handled. */
export interface Inbox {
  /** Waits for a place under the source's quota for `action`; resolves with the inbox's own time, in ms. */
  turn(source: SourceTerms, action: "pull" | "confirm"): Promise<number>;
  /**
   * The share of that quota that all replicas used in about the last second: as this one's last turn told, and fading since
   * then, as if nobody had called.
   */
  used(source: SourceTerms, action: "pull" | "confirm"): number;
  /**
   * Asks for room for a pull that is expected to add so many events. What is pulled without room would hide at its vendor
   * for a whole window. The room is kept for a while, or until the pull ends.
   */
  place(source: SourceTerms, expected: number): Promise<Place>;
  /** `sent`: the inbox's time just before the pull's request. Resolves once every `add` is a durable job. */
  accept(source: SourceTerms, sent: number, deliveries: readonly Delivery[]): Promise<Accepted>;
  /** After a short pull was accepted: what is handled and does not return must have been confirmed. Resolves with how many. */
  quiet(source: HidingTerms, pull: ShortPull): Promise<number>;
  /**
   * Writes down that the event was handled (or given up knowingly: `ran` false), and gives out the confirmation that is due.
   * `ranForMs`: since when this run is under way.
   */
  mark(event: EventRef | CallbackEvent, ran: boolean, ranForMs?: number, left?: Left): Promise<Marked>;
  /**
   * Whether an earlier run of this job already succeeded. `left` and `failed`: of an attempt that asks this at its end,
   * since it failed.
   */
  ran(event: EventRef | CallbackEvent, left?: Left, failed?: FailedRun): Promise<boolean>;
  /** Writes down that the handler succeeded in this attempt and the sink did not, while the event has a job. */
  noteSuccess(event: EventRef, attempt: number): Promise<void>;
  /** In which attempt the handler succeeded, if that is written down. */
  succeededIn(event: EventRef): Promise<number | undefined>;
  /** `unanswered`: so many calls with the receipt had no answer before this one. */
  settle(confirmation: DueConfirmation, outcome: Settlement, unanswered?: number): Promise<void>;
}

/**
 * The outcome of giving an event up. `given up`: its job went, and it is to be confirmed. `removed`: its job
 * went, and nothing is due to its vendor. `handled`: it was handled or given up before. `none`: it runs, or is not known.
 */
export type Discarded = {
  readonly outcome: "given up" | "removed" | "handled" | "none";
  /** Missing while another event shares the receipt. */
  readonly confirmation?: DueConfirmation;
};

/** An operator's actions on an event: each happens wholly or not at all, whatever crashes. */
export interface Desk {
  /** Gives it up, unless it is running: its job goes, and its record is handled. `by`: the person, for its life. */
  discard(event: EventRef, reason?: string, by?: string): Promise<Discarded>;
  /** Takes a handled one for confirmed; whether it was handled. If its vendor still has it, it comes back as a new one. */
  end(event: EventRef, reason?: string, by?: string): Promise<boolean>;
  /** The same for all of a source, since the data went back and nobody knows which were confirmed; how many there were. */
  endAll(source: string): Promise<number>;
}

/** A pushed event with its body as JSON text: as a tree it may take thirty times the memory while it waits for Redis. */
export type StorableEvent = Omit<PushedEvent, "body"> & {
  readonly vendor: string;
  readonly bodyJson: string;
  readonly traceparent?: string;
  /** People look for the event by these ids. */
  readonly subjects?: readonly string[];
};

/** What became of a push: a new job, one that is there already, or none, because too much of what was pushed waits. */
export type PushVerdict = "add" | "acknowledge" | "refuse";

/** Where pushed events become jobs. */
export interface PushInbox {
  /**
   * Resolves once the event is a durable job, is known to be one already, or is refused; rejects when `signal` aborts
   * before. Then nothing more is sent for it.
   */
  push(event: StorableEvent, memoryMs: number, signal: AbortSignal): Promise<PushVerdict>;
}

/** What keeps the window of a running event open. */
export interface HoldInbox extends Pick<Inbox, "turn"> {
  /** The newest receipt of a pending event, and until when its window is certainly open. */
  held(event: EventRef): Promise<Pick<DueConfirmation, "receipt" | "openUntil"> | undefined>;
  /**
   * Notes, before the vendor is asked, that the receipt of a pending event may be about to be replaced: from then on a
   * refusal of it proves nothing, until the answer is stored or a redelivery brings a new one. Resolves with the receipt.
   */
  extending(event: EventRef): Promise<string | undefined>;
  /**
   * Swaps the receipt, if it is still the old one, and resolves with the confirmation that is due if the event was handled meanwhile,
   * unless the receipt is the one that was given out then.
   * `sent`: the inbox's time before the extension was asked for.
   */
  extended(event: EventRef, old: string, extended: Extended, sent: number): Promise<DueConfirmation | undefined>;
}
