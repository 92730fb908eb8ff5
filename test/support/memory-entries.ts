import type { DueConfirmation } from "../../src/core/inbox.ts";

export type Entry = {
  readonly source: string;
  readonly fingerprint: string;
  readonly id: string;
  /** `handled`: the confirmation is due. `confirmed`: kept for pulls that were in flight when it was confirmed. */
  state: "pending" | "handled" | "confirmed";
  receipt: string;
  openUntil: number;
  closedFrom: number;
  /** Before this time, no delivery counts as a redelivery. */
  returnsFrom: number;
  /** From this time on, a short pull without the event is evidence that it was confirmed. */
  due: number;
  /** Set when a short answer did not contain the event. */
  absent: { readonly at: number; readonly isEmpty: boolean } | undefined;
  /** An extension may have replaced the receipt. */
  extending: boolean;
  /** Two calls may carry the receipt. */
  givenTwice: boolean;
  confirmedAt: number;
  expires: number;
};

/** `offset`: the process's clock minus the inbox's. */
export function confirmationOf(
  { source, fingerprint, id, receipt, openUntil, closedFrom }: Entry,
  offset: number,
): DueConfirmation {
  return { source, fingerprint, id, receipt, openUntil: openUntil + offset, closedFrom: closedFrom + offset };
}

/** The records of events, by source and fingerprint, until they expire. */
export class MemoryEntries {
  readonly #bySource = new Map<string, Map<string, Entry>>();
  readonly #now: () => number;
  readonly #times: { readonly callMs: number; readonly graceMs: number };

  constructor(now: () => number, times: { readonly callMs: number; readonly graceMs: number }) {
    this.#now = now;
    this.#times = times;
  }

  write(entry: Entry): void {
    this.#of(entry.source).set(entry.fingerprint, entry);
  }

  find(source: string, fingerprint: string): Entry | undefined {
    const entry = this.#of(source).get(fingerprint);
    return entry && this.#now() <= entry.expires ? entry : undefined;
  }

  living(source: string): Entry[] {
    const at = this.#now();
    const entries = this.#of(source);
    for (const entry of entries.values()) if (at > entry.expires) entries.delete(entry.fingerprint);
    return [...entries.values()];
  }

  all(): Entry[] {
    return [...this.#bySource.keys()].flatMap((source) => this.living(source));
  }

  handled(source: string): Entry[] {
    return this.living(source).filter(({ state }) => state === "handled");
  }

  /** True while another event with the same receipt still waits for its handler. */
  isBlocked({ source, receipt }: Entry): boolean {
    return this.living(source).some((other) => other.receipt === receipt && other.state === "pending");
  }

  /** The confirmation to send, unless it is blocked. `isGiven`: the receipt was given out before. `offset`: as above. */
  giveOut(entry: Entry, isGiven: boolean, offset: number): DueConfirmation | undefined {
    if (this.isBlocked(entry)) return undefined;
    if (isGiven) entry.givenTwice = true;
    return confirmationOf(entry, offset);
  }

  setHandled(entry: Entry): void {
    const returnsFrom = entry.closedFrom + this.#times.callMs;
    Object.assign(entry, { state: "handled", returnsFrom, due: entry.closedFrom, absent: undefined });
  }

  setConfirmed(entry: Entry): void {
    const at = this.#now();
    Object.assign(entry, { state: "confirmed", confirmedAt: at, expires: at + this.#times.graceMs });
  }

  clear(): void {
    this.#bySource.clear();
  }

  #of(source: string): Map<string, Entry> {
    const known = this.#bySource.get(source) ?? new Map<string, Entry>();
    this.#bySource.set(source, known);
    return known;
  }
}
