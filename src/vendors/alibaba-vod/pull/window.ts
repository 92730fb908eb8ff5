/**
 * How long the queue hides a delivered message. The owner of the queue may change this setting at any time, so it is read
 * from the deliveries themselves. The result is never longer than the real time.
 */
import type { Message } from "./answers.ts";

export type QueueWindow = {
  readonly ms: number;
  /** The value of the queue's attributes. */
  set(ms: number): void;
  /** The value that an answer shows. `answeredAt` is by the vendor's clock, in whole seconds. */
  learn(messages: readonly Message[], answeredAt: number): void;
};

/** The Date header has no milliseconds. */
const CUT_OFF_MS = 999;
/** The shortest value that a queue can have. */
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
      // The first delivery of a message has both ends of its window, to the millisecond.
      const exact = messages
        .filter(({ timesDelivered }) => timesDelivered === 1)
        .map(({ visibleAgainAt, firstDeliveredAt }) => visibleAgainAt - firstDeliveredAt)
        .filter((length) => length > 0);
      if (exact.length > 0) ms = Math.min(...exact);
      else for (const { visibleAgainAt } of messages) correct(visibleAgainAt - answeredAt);
    },
  };

  /** `most`: an upper bound that is at most a second too high. NaN if the vendor did not give it. */
  function correct(most: number): void {
    const least = most - CUT_OFF_MS;
    if (ms > most) ms = Math.min(ms, Math.max(least, LEAST_MS));
    else if (ms < least) ms = least;
  }
}
