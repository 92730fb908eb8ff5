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
  /** Most deliveries per pull and most receipts per confirmation. */
  readonly batchSize: number;
  /** Its vendor cannot be asked for fewer: a pull may bring a full batch, whatever was asked for. */
  readonly ignoresMax?: true;
  /** Calls per second and action, shared by all replicas that use the same account. */
  readonly maxCallsPerSecond: number;
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

export type Extended = { readonly receipt: string; readonly windowMs: number };
