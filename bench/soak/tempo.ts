/**
 * The times of a soak. Whatever remembers for a while grows until that while is over: windows of 30 s, the ledger's grace of
 * 15 s, pushes known for 60 s. So nothing is judged before, and a soak that is too short for these times has shorter ones.
 */
export type Tempo = {
  readonly totalMs: number;
  /** Not judged. */
  readonly warmUpMs: number;
  readonly sampleMs: number;
  /** Of both vendors that hide what they delivered. */
  readonly windowMs: number;
  readonly longPollMs: number;
  readonly graceMs: number;
  /** SQS hides events for 60 s, and pushes are remembered for as long, whatever is configured: a short soak goes without. */
  readonly allDoors: boolean;
};

const MINUTE_MS = 60_000;
/** From here on the warm-up is longer than everything that is remembered. */
const WHOLE_MINUTES = 5;
const WARM_UP = { share: 0.25, mostMs: 10 * MINUTE_MS };
const SAMPLE = { share: 1 / 10, mostMs: 10_000 };
/** On a busy machine an event takes its time. */
const WINDOW = { wholeMs: 30_000, leastMs: 5_000 };

export function tempoOf(minutes: number): Tempo {
  const totalMs = minutes * MINUTE_MS;
  const windowMs = Math.round(Math.max(WINDOW.leastMs, Math.min(1, minutes / WHOLE_MINUTES) * WINDOW.wholeMs));
  return {
    totalMs,
    warmUpMs: Math.min(totalMs * WARM_UP.share, WARM_UP.mostMs),
    sampleMs: Math.min(totalMs * SAMPLE.share, SAMPLE.mostMs),
    windowMs,
    longPollMs: windowMs / 6,
    graceMs: windowMs / 2,
    allDoors: minutes >= WHOLE_MINUTES,
  };
}
