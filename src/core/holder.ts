/**
 * Keeps running events hidden at a vendor whose windows can be prolonged, so that the events come back only after a
 * crash. Correctness does not depend on it: without an extension the event comes back and renews its receipt.
 */
import type { Logger } from "pino";
import { sleep } from "./sleep.ts";
import type { EventRef } from "./event.ts";
import type { DueConfirmation, HoldInbox } from "./inbox.ts";
import { type Source, stepMsOf } from "./source.ts";
import { unfailingLog } from "./unfailing.ts";

export type HolderOptions = {
  readonly sources: readonly Source[];
  readonly inbox: HoldInbox;
  readonly confirm: (confirmation: DueConfirmation) => void;
  readonly log: Logger;
};

/** The shortest pause between two extensions. */
const LEAST_PAUSE_MS = 250;

/** `running`: aborts when the event's attempt ends. Only asked for if its vendor extends windows. */
export type Hold = (event: EventRef, running: () => AbortSignal) => void;

export function createHolder({ sources, inbox, confirm, ...options }: HolderOptions): Hold {
  const log = unfailingLog(options.log);
  const known = new Map(sources.map((source) => [source.name, source]));

  return (event, running) => {
    const source = known.get(event.source);
    if (source?.extend) void hold(source, event, running());
  };

  /**
   * Never rejects. After a failure it continues with the receipt stored by then, which a redelivery may have renewed.
   */
  async function hold(source: Source, event: EventRef, running: AbortSignal): Promise<void> {
    while (!running.aborted) {
      try {
        const held = await inbox.held(event);
        if (!held) return;
        const stepMs = stepMsOf(source);
        // Half a window before its end, but never more than 15 s: extending a window of hours earlier would shorten it.
        const dueMs = held.openUntil - performance.now() - stepMs / 4;
        if (dueMs <= 0) {
          await prolong(source, event, stepMs);
        }
        await sleep(Math.max(dueMs, LEAST_PAUSE_MS), running);
      } catch (err) {
        if (running.aborted) return;
        log.warn(
          { err, source: source.name, id: event.id },
          "cannot extend the window of a running event; the vendor may deliver it again, which starts no second run",
        );
        await sleep(Math.max(stepMsOf(source) / 4, LEAST_PAUSE_MS), running);
      }
    }
  }

  /** Continues when the handler ends: an extension that took effect has made the old receipt invalid. */
  async function prolong(source: Source, event: EventRef, stepMs: number): Promise<void> {
    const sent = await inbox.turn(source, "confirm");
    const receipt = await inbox.extending(event);
    if (receipt === undefined) return;
    const extended = await source.extend?.(receipt, stepMs);
    const confirmation = extended && (await inbox.extended(event, receipt, extended, sent));
    if (confirmation) confirm(confirmation);
  }
}
