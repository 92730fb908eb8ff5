/**
 * Keeps what runs hidden at a vendor that lets a window be prolonged: its events come back only if we are gone. Where a
 * vendor cannot, or an extension fails, the event comes back and renews its receipt; nothing rests on this.
 */
import type { Logger } from "pino";
import { sleep } from "./sleep.ts";
import type { EventRef, HoldInbox, Owed, Source } from "./types.ts";

export type HolderOptions = {
  readonly sources: readonly Source[];
  readonly inbox: HoldInbox;
  readonly confirm: (owed: Owed) => void;
  readonly log: Logger;
};

/** A process that dies leaves its events hidden for this long at the most. */
const LONGEST_STEP_MS = 60_000;

/** However short a window the vendor gives, it is not asked without pause. */
const LEAST_PAUSE_MS = 250;

export type Hold = (event: EventRef, running: AbortSignal) => void;

export function createHolder({ sources, inbox, confirm, log }: HolderOptions): Hold {
  const known = new Map(sources.map((source) => [source.name, source]));

  return (event, running) => {
    const source = known.get(event.source);
    if (source?.extend)
      void hold(source, event, running).catch((err: unknown) =>
        log.warn({ err, id: event.id }, "cannot prolong its window"),
      );
  };

  async function hold(source: Source, event: EventRef, running: AbortSignal): Promise<void> {
    while (!running.aborted) {
      const held = await inbox.held(event);
      if (!held) return;
      const dueMs = held.sureAt - performance.now() - source.windowMs / 2;
      if (dueMs <= 0) await prolong(source, event, held.receipt);
      await sleep(Math.max(dueMs, LEAST_PAUSE_MS), running);
    }
  }

  /** Not cut short when the handler ends: an extension that took effect has made the old receipt void. */
  async function prolong(source: Source, event: EventRef, receipt: string): Promise<void> {
    const sent = await inbox.turn(source, "confirm");
    const extended = await source.extend?.(receipt, Math.min(2 * source.windowMs, LONGEST_STEP_MS));
    const owed = extended && (await inbox.extended(event, receipt, extended, sent));
    if (owed) confirm(owed);
  }
}
