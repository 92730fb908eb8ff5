/** Events at a steady rate, as long as somebody takes them: a forgotten simulator stays small. */
import { startSteady } from "./steady.ts";

export type TrafficOptions = {
  /** Events per second; below 1 means one every so many seconds. */
  readonly rate: number;
  /** It pauses while this many are neither taken nor given up. */
  readonly most: number;
  readonly log?: (line: string) => void;
};

type Source = {
  /** How many are neither taken nor given up. */
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
