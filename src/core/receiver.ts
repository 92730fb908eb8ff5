import type { Delivery } from "./source.ts";

/** A vendor's call as it arrived: nothing is parsed before it was verified. */
export type PushedCall = {
  /** Names in lower case; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
};

/** One event that a call brought; it has no receipt, the answer to the call is the confirmation. */
export type PushedEvent = Omit<Delivery, "receipt"> & {
  /** The receiver's. */
  readonly source: string;
};

/** A vendor that calls us. */
export interface Receiver {
  readonly vendor: string;
  /** The source of its events: the same name as the pulled source of this application, if there is one. */
  readonly source: string;
  /** Where it calls, such as `/callbacks/VENDOR`; an unguessable suffix may follow. */
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
