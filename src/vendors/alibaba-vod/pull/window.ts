/**
 * How long the queue hides a delivered message. It is the queue's own setting, which its owner may change at any time, so
 * that it is read from what the vendor says about its deliveries; never taken for longer than it is.
 */
import type { Message } from "./answers.ts";

export type QueueWindow = {
  readonly ms: number;
  /** What the queue's attributes say. */
  set(ms: number): void;
  /** What an answer says; `answeredAt` by the vendor's clock, which tells whole seconds. */
  learn(messages: readonly Message[], answeredAt: number): void;
};

/** Of the Date header, which cuts them off. */
const CUT_OFF_MS = 999;
/** No queue can be set to less. */
const LEAST_MS = 1_000;

export function createWindow(assumedMs: number): QueueWindow {
  let ms = assumedMs;
  return {
    get ms() {
      return ms;
    },
    set(told) {
      ms = told;
    },
    learn(messages, answeredAt) {
      // On its first delivery a message tells both ends of its window, to the millisecond.
      const exact = messages
        .filter(({ timesDelivered }) => timesDelivered === 1)
        .map(({ visibleAgainAt, firstDeliveredAt }) => visibleAgainAt - firstDeliveredAt)
        .filter((length) => length > 0);
      if (exact.length > 0) ms = Math.min(...exact);
      else for (const { visibleAgainAt } of messages) correct(visibleAgainAt - answeredAt);
    },
  };

  /** `most`: what it cannot exceed, and comes within a second of; NaN if the vendor did not say. */
  function correct(most: number): void {
    const least = most - CUT_OFF_MS;
    if (ms > most) ms = Math.min(ms, Math.max(least, LEAST_MS));
    else if (ms < least) ms = least;
  }
}
