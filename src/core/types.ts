/**
 * The words of this project and the contracts between its parts.
 *
 * An **event** happened at a **vendor**. Each arrival of it is a **delivery**, which carries a **receipt**: what the
 * vendor wants back to stop delivering. The inbox turns deliveries into jobs, a **handler** runs, and only then does the
 * confirmer hand the newest receipt back.
 */
import type { Logger } from "pino";

export type JsonObject = Readonly<Record<string, unknown>>;

/** How an event arrived: from a source that is asked, or from a receiver that is called. */
export type Door = "pull" | "push";

export type CallbackEvent = {
  /** One per happening: stable over redeliveries and retries; a legitimate identical repeat has its own. */
  readonly id: string;
  /** Identity of the content; survives the loss of Redis, which the id does not. */
  readonly fingerprint: string;
  readonly vendor: string;
  /** The configured source it came from, such as `tencent-vod` or `tencent-vod/1500000001`. */
  readonly source: string;
  readonly door: Door;
  readonly type: string;
  /** ISO time of the first arrival. */
  readonly receivedAt: string;
  /** What the vendor sent, without its receipt. */
  readonly body: JsonObject;
};

export type Delivery = {
  readonly receipt: string;
  readonly fingerprint: string;
  readonly type: string;
  readonly body: JsonObject;
};

/** What a source promises about time and amounts; the inbox and the confirmer live by it. */
export interface SourceTerms {
  readonly name: string;
  readonly vendor: string;
  /** How long the vendor waits for the receipt after a delivery before it delivers again. */
  readonly windowMs: number;
  /** How long the vendor keeps an event that nobody confirms. */
  readonly retentionMs: number;
  /** Most deliveries per pull and most receipts per confirmation. */
  readonly batchSize: number;
  /** Calls per second and action, shared by all replicas that use the same account. */
  readonly maxCallsPerSecond: number;
  /** How long an event that was pushed too is known to be the same; missing where nothing is pushed. */
  readonly pushMemoryMs?: number;
}

/** An empty answer says `waited` only if the vendor really held the call open: then nothing was visible to it. */
export type Pulled = { readonly deliveries: readonly Delivery[]; readonly waited: boolean };

export type Finding = {
  readonly level: "ok" | "warn" | "error";
  /** What is so, in one sentence. */
  readonly fact: string;
  /** What to do about it. */
  readonly fix?: string;
};

/** A vendor that is asked for events. Calls reject with a `VendorError`, or with the reason of `signal`. */
export interface Source extends SourceTerms {
  /** Waits at the vendor until something is there or its long poll ends. */
  pull(signal?: AbortSignal): Promise<Pulled>;
  /** Resolves with the receipts that were refused one by one; rejects when the call as a whole was. */
  confirm(receipts: readonly string[], signal?: AbortSignal): Promise<{ readonly refused: readonly string[] }>;
  /** Looks at the account's settings; never throws: what is wrong is a finding. */
  check(signal?: AbortSignal): Promise<readonly Finding[]>;
  /** Roughly how many events wait at the vendor, for the operator's eyes only. */
  backlog?(signal?: AbortSignal): Promise<number>;
  /** Prolongs a delivery's window from now on; the new receipt replaces the old one. */
  extend?(receipt: string, ms: number, signal?: AbortSignal): Promise<Extended>;
  /** Closes kept connections. */
  close(): void;
}

/** A vendor's call as it arrived: nothing is parsed before it was verified. */
export type PushedCall = {
  /** Names in lower case; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
};

/** One event that a call brought; it has no receipt, the answer to the call is the confirmation. */
export type PushedEvent = Omit<Delivery, "receipt"> & {
  /** The source it belongs to: the same name as the pulled source of the same application, if there is one. */
  readonly source: string;
};

/** A vendor that calls us. */
export interface Receiver {
  readonly vendor: string;
  /** Where it calls, such as `/callbacks/zegocloud`; an unguessable suffix may follow. */
  readonly path: string;
  /** How long an identical body is taken for the vendor's own retry, counted from its first acceptance. */
  readonly memoryMs: number;
  /** How long the vendor waits for an answer: the time there is for trying again while Redis is away. */
  readonly patienceMs: number;
  /**
   * Verifies the call and reads it. Throws `ForgedError` when it is not genuine; one that is genuine and cannot be read
   * becomes an event of type `UNREADABLE` whose body holds the raw text, since a retry would not mend it.
   */
  receive(call: PushedCall): readonly PushedEvent[];
}

export type HandlerContext = {
  readonly event: CallbackEvent;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly log: Logger;
  /** Aborts when the attempt's time is up and when the process must end. */
  readonly signal: AbortSignal;
};

export type HandlerOptions = {
  /** How often it is tried before the event is parked. */
  readonly attempts?: number;
  /** Pause after the first failure; doubles, with jitter. */
  readonly backoffMs?: number;
  readonly timeoutMs?: number;
};

/** One line of the handlers list. `*` stands for every vendor, or every type that has no handler of its own. */
export interface Handler extends HandlerOptions {
  readonly vendor: string;
  readonly type: string;
  run(context: HandlerContext): unknown;
}

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

export type EventRef = Pick<CallbackEvent, "id" | "fingerprint" | "source">;

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

/** Where pushed events become jobs. */
export interface PushInbox {
  /** Resolves once the event is a durable job, or is known to be one already; rejects when `signal` aborts before. */
  push(
    event: PushedEvent & { readonly vendor: string },
    memoryMs: number,
    signal: AbortSignal,
  ): Promise<"add" | "known">;
}

export type Extended = { readonly receipt: string; readonly windowMs: number };

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

/** Counters and durations, by fixed names; the process decides where they go. */
export interface Meter {
  count(name: CounterName, labels: Readonly<Record<string, string>>, by?: number): void;
  observe(name: DurationName, labels: Readonly<Record<string, string>>, ms: number): void;
}

/** The type of a pushed event that is genuine and cannot be read. */
export const UNREADABLE = "(unreadable)";

export type CounterName =
  | "deliveries"
  | "callbacks"
  | "handled"
  | "attempts_failed"
  | "parked"
  | "dropped"
  | "confirmed"
  | "receipts_dead"
  | "never_returned"
  | "calls"
  | "crashes"
  | "locks_lost";
export type DurationName = "handler_ms" | "pull_ms" | "confirm_ms";
