import type { EventRef } from "../../src/core/event.ts";
import type { HoldInbox } from "../../src/core/inbox.ts";
import { confirmationOf, type Entry, type MemoryEntries } from "./memory-entries.ts";

type Options = {
  readonly entries: MemoryEntries;
  readonly now: () => number;
  /** The clock of the confirmations that are handed out. */
  readonly monotonic: () => number;
};

/** Extends the windows of running events. */
export function createMemoryHold(options: Options): Omit<HoldInbox, "turn"> {
  const { entries, now, monotonic } = options;
  return {
    async held(event) {
      const entry = pending(event);
      return entry && confirmationOf(entry, monotonic() - now());
    },

    async extending(event) {
      const entry = pending(event);
      if (entry) entry.extending = true;
      return entry?.receipt;
    },

    async extended({ source, fingerprint, id }, old, { receipt, windowMs }, sent) {
      const at = now();
      const entry = entries.find(source, fingerprint);
      if (entry?.id !== id || entry.state === "confirmed" || entry.receipt !== old) return undefined;
      const openUntil = sent + windowMs;
      const window = { receipt, openUntil, closedFrom: at + windowMs, returnsFrom: openUntil };
      Object.assign(entry, window, { extending: false, givenTwice: entry.givenTwice && receipt === old });
      if (entry.state === "pending") return undefined;
      entries.setHandled(entry);
      return receipt === old ? undefined : confirmationOf(entry, monotonic() - at);
    },
  };

  function pending({ source, fingerprint, id }: EventRef): Entry | undefined {
    const entry = entries.find(source, fingerprint);
    return entry?.id === id && entry.state === "pending" ? entry : undefined;
  }
}
