/** Runs a step at a steady rate, while there is room. */
type SteadyOptions = {
  /** Steps per second. 0.1 means one every 10 seconds. */
  readonly rate: number;
  /** Ends after this many steps. */
  readonly count?: number;
  /** How many more steps there is room for now. */
  readonly room?: () => number;
  /** Does the n-th step, from 0. */
  readonly step: (n: number) => void;
  /** Called when the room runs out, and when there is room again. */
  readonly onPause?: (paused: boolean) => void;
};

const TICK_MS = 50;

export function startSteady(options: SteadyOptions): { close(): void } {
  const { rate, count: most = Infinity, room = () => Infinity, step, onPause = () => {} } = options;
  let last = performance.now();
  let due = 1;
  let done = 0;
  let isPaused = false;
  const timer = setInterval(tick, TICK_MS);
  tick();
  return { close: () => clearInterval(timer) };

  function tick(): void {
    const now = performance.now();
    due += ((now - last) / 1_000) * rate;
    last = now;
    if (due < 1) return;
    const left = room();
    if (left <= 0 !== isPaused) {
      isPaused = left <= 0;
      onPause(isPaused);
    }
    const count = Math.max(0, Math.min(Math.floor(due), left, most - done));
    for (let index = 0; index < count; index += 1) step(done++);
    // Steps that a pause or a busy machine prevented are not made up for.
    due = count < Math.floor(due) ? 0 : due - count;
    if (done >= most) clearInterval(timer);
  }
}
