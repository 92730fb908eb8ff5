import type { Delivery } from "./source.ts";

/** A vendor's call as it arrived. Nothing is parsed before the call is verified. */
export type PushedCall = {
  /** Names in lower case; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
};

/** One event of a call. It has no receipt: the answer to the call is the confirmation. */
export type PushedEvent = Omit<Delivery, "receipt"> & {
  /** The source of the receiver that took the call. */
  readonly source: string;
};

/** Receives the calls of a vendor. */
export interface Receiver {
  readonly vendor: string;
  /** The source of its events: the same name as the pulled source of this application, if there is one. */
  readonly source: string;
  /** The path that the vendor calls, such as `/callbacks/VENDOR`. An unguessable suffix may follow. */
  readonly path: string;
  /** How long an identical body counts as the vendor's own retry, from its first acceptance on. */
  readonly memoryMs: number;
  /** How long the vendor waits for an answer. For so long a call is retried while Redis does not answer. */
  readonly patienceMs: number;
  /**
   * Verifies the call and reads it. Throws `ForgedError` if it is not genuine. A genuine call that cannot be read
   * becomes an event of type `UNREADABLE` whose body holds the raw text, since a retry would not help.
   */
  receive(call: PushedCall): readonly PushedEvent[];
}
