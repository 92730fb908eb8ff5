import type { JsonObject } from "./event.ts";
import type { Finding } from "./finding.ts";

export type Delivery = {
  readonly receipt: string;
  readonly fingerprint: string;
  readonly type: string;
  readonly body: JsonObject;
};

/** The times and amounts of a source. The inbox and the confirmer rely on them. */
export interface SourceTerms {
  readonly name: string;
  readonly vendor: string;
  /** How long the vendor waits for the receipt after a delivery before it delivers again. */
  readonly windowMs: number;
  /** How long the vendor keeps an unconfirmed event. */
  readonly retentionMs: number;
  /** The longest retention that may apply to an existing event: the setting is not known yet, or was longer before. */
  readonly longestRetentionMs?: number;
  /** Most deliveries per pull and most receipts per confirmation. */
  readonly batchSize: number;
  /** The vendor ignores `max`, so any pull may bring a full batch. */
  readonly ignoresMax?: true;
  /**
   * A short answer contains all visible events. Without this, only an empty answer that waited proves that none is
   * visible.
   */
  readonly fills?: true;
  /** Calls per second and action, shared by all replicas that use the same account. */
  readonly maxCallsPerSecond: number;
  /** Each call costs money, so confirmations wait for company even if quota is left. */
  readonly billsCalls?: true;
  /** How long a pushed event is recognised when it is pulled too. Missing if nothing is pushed. */
  readonly pushMemoryMs?: number;
}

/** `waited`: the vendor really held the empty call open, so no event was visible. */
export type Pulled = { readonly deliveries: readonly Delivery[]; readonly waited: boolean };

/** A vendor from which we pull events. Calls reject with a `VendorError`, or with the reason of `signal`. */
export interface Source extends SourceTerms {
  /** Asks for up to `max` deliveries. An empty pull waits at the vendor until an event comes or the long poll ends. */
  pull(max: number, signal?: AbortSignal): Promise<Pulled>;
  /** Resolves with the receipts that were refused individually. Rejects if the call as a whole was refused. */
  confirm(receipts: readonly string[], signal?: AbortSignal): Promise<{ readonly refused: readonly string[] }>;
  /** Checks the account's settings. Never throws: a problem is a finding. */
  check(signal?: AbortSignal): Promise<readonly Finding[]>;
  /** Roughly how many events wait at the vendor. It is only displayed. */
  backlog?(signal?: AbortSignal): Promise<number>;
  /** Prolongs a delivery's window from now on; the new receipt replaces the old one. */
  extend?(receipt: string, ms: number, signal?: AbortSignal): Promise<Extended>;
  /** Closes kept connections. */
  close(): void;
}

/** The terms that say how long one call may hide an event. */
export type HidingTerms = SourceTerms & Pick<Source, "extend">;

const LONGEST_STEP_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
/** The longest terms of all vendors, for a source whose terms are unknown here. */
export const LONGEST_TERMS = { windowMs: 12 * 3_600_000, retentionMs: 14 * DAY_MS };

/** After this long without a delivery the vendor has certainly forgotten the event. */
export function mayReturnForMs({ retentionMs, longestRetentionMs = 0 }: SourceTerms): number {
  return Math.max(retentionMs, longestRetentionMs);
}

/**
 * How long an event is known after its last delivery. The vendor counts its retention from before the first delivery,
 * so the retention alone would be enough. The extra day covers a raised retention: each delivery uses the new one, and
 * no window is longer than 12 hours.
 */
export function knownForMs(source: SourceTerms): number {
  return mayReturnForMs(source) + DAY_MS;
}

/** The length of one extension. After a crash the events of the process stay hidden for this long at most. */
export function stepMsOf({ windowMs }: SourceTerms): number {
  return Math.min(2 * windowMs, LONGEST_STEP_MS);
}

export function longestHiddenMs(source: HidingTerms): number {
  return source.extend ? Math.max(source.windowMs, stepMsOf(source)) : source.windowMs;
}

export type Extended = { readonly receipt: string; readonly windowMs: number };

/** Whether events of this source go to the handler with this name, as `Limits` have it: its vendor, or `*`, then its type. */
export function isHandledBy(source: string, handler: string): boolean {
  const [vendor = ""] = handler.split(" ", 1);
  return vendor === "*" || source === vendor || source.startsWith(`${vendor}/`);
}
