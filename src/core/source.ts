import type { JsonObject } from "./event.ts";
import type { Finding } from "./finding.ts";

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
  /** The longest it may still keep one that is there: its setting is not known yet, or was longer before. */
  readonly longestRetentionMs?: number;
  /** Most deliveries per pull and most receipts per confirmation. */
  readonly batchSize: number;
  /** Its vendor cannot be asked for fewer: a pull may bring a full batch, whatever was asked for. */
  readonly ignoresMax?: true;
  /** An answer shorter than asked for holds all that was visible. Missing: only an empty one that waited says so. */
  readonly fills?: true;
  /** Calls per second and action, shared by all replicas that use the same account. */
  readonly maxCallsPerSecond: number;
  /** Each call costs money: then a confirmation waits for company even while the quota is idle. */
  readonly billsCalls?: true;
  /** How long an event that was pushed too is known to be the same; missing where nothing is pushed. */
  readonly pushMemoryMs?: number;
}

/** An empty answer says `waited` only if the vendor really held the call open: then nothing was visible to it. */
export type Pulled = { readonly deliveries: readonly Delivery[]; readonly waited: boolean };

/** A vendor that is asked for events. Calls reject with a `VendorError`, or with the reason of `signal`. */
export interface Source extends SourceTerms {
  /** Asks for up to `max` deliveries. Waits at the vendor until something is there or its long poll ends. */
  pull(max: number, signal?: AbortSignal): Promise<Pulled>;
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

/** The terms that say how long one call may hide an event. */
export type HidingTerms = SourceTerms & Pick<Source, "extend">;

const LONGEST_STEP_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
/** No vendor of ours keeps an event longer, or hides it longer: for a source whose terms nobody knows here. */
export const LONGEST_TERMS = { windowMs: 12 * 3_600_000, retentionMs: 14 * DAY_MS };

/** After this long without a delivery the vendor has certainly forgotten the event. */
export function mayReturnForMs({ retentionMs, longestRetentionMs = 0 }: SourceTerms): number {
  return Math.max(retentionMs, longestRetentionMs);
}

/**
 * How long an event is known after its last delivery. The vendor counts its retention from before the first one, so the
 * retention alone would do; the day covers a retention that is raised: each delivery asks for the new one, and no window is
 * longer than 12 hours.
 */
export function knownForMs(source: SourceTerms): number {
  return mayReturnForMs(source) + DAY_MS;
}

/** By so much a window is prolonged at a time: a process that dies leaves its events hidden for this long at the most. */
export function stepMsOf({ windowMs }: SourceTerms): number {
  return Math.min(2 * windowMs, LONGEST_STEP_MS);
}

export function longestHiddenMs(source: HidingTerms): number {
  return source.extend ? Math.max(source.windowMs, stepMsOf(source)) : source.windowMs;
}

export type Extended = { readonly receipt: string; readonly windowMs: number };
