/** Events at a steady rate. It pauses if no worker takes them, so that a forgotten simulator stays small. */
import { startSteady } from "./steady.ts";

export type TrafficOptions = {
  /** Events per second. 0.1 means one every 10 seconds. */
  readonly rate: number;
  /** It pauses while this many events are open: not taken and not given up. */
  readonly most: number;
  readonly log?: (line: string) => void;
};

type Source = {
  /** The number of open events. */
  readonly open: () => number;
  /** Makes the n-th event, from 0. */
  readonly next: (n: number) => void;
  /** Log lines for a pause (after the number) and for its end. */
  readonly words: { readonly pause: string; readonly go: string };
};

export const OF_PULLED = {
  pause: "events are unconfirmed: publishing pauses",
  go: "events are confirmed: publishing goes on",
};
export const OF_PUSHED = {
  pause: "events wait for an answer: sending pauses",
  go: "events are answered: sending goes on",
};

export function startTraffic(
  { rate, most, log = () => {} }: TrafficOptions,
  { open, next, words }: Source,
): { close(): void } {
  return startSteady({
    rate,
    room: () => most - open(),
    step: next,
    onPause: (paused) => log(paused ? `${most} ${words.pause}` : words.go),
  });
}
