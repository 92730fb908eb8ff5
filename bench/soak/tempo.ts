/**
 * The times of a soak. A memory with a time limit grows until that time is over: windows last 30 s, the ledger's grace
 * 15 s, and known pushes 60 s. The judged time begins after that. A soak that is too short for these times uses shorter
 * ones.
 */
export type Tempo = {
  readonly totalMs: number;
  /** This time is not judged. */
  readonly warmUpMs: number;
  readonly sampleMs: number;
  /** The window of both vendors that hide delivered events. */
  readonly windowMs: number;
  readonly longPollMs: number;
  readonly graceMs: number;
  /** SQS always hides events for 60 s, and pushes are known for 60 s. A short soak leaves these doors out. */
  readonly allDoors: boolean;
};

const MINUTE_MS = 60_000;
/** From this length on, the warm-up is longer than all of these times. */
const WHOLE_MINUTES = 5;
const WARM_UP = { share: 0.25, mostMs: 10 * MINUTE_MS };
const SAMPLE = { share: 1 / 10, mostMs: 10_000 };
/** The window has a minimum, since events take longer on a busy machine. */
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
