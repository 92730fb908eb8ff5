/** The maximum of Node's timers. A longer timer would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Calls `run` after `ms`, unless the function that it returns is called before. */
export type Timer = (ms: number, run: () => void) => () => void;

export const realTimer: Timer = (ms, run) => {
  const timer = setTimeout(run, Math.min(ms, LONGEST_TIMER_MS));
  return () => clearTimeout(timer);
};

/** Resolves after `ms`, or at once when `signal` aborts: being stopped is not an error. */
export function sleep(ms: number, signal?: AbortSignal, timer = realTimer): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const clear = timer(ms, done);
    signal?.addEventListener("abort", done, { once: true });
    function done(): void {
      clear();
      signal?.removeEventListener("abort", done);
      resolve();
    }
  });
}

/** Waits until `promise` settles or `signal` aborts. True if the promise was first. */
export async function settledBefore(promise: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  const aborted = Promise.withResolvers<false>();
  const giveUp = (): void => aborted.resolve(false);
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([promise.then(() => true), aborted.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
