const STEP_MS = 10;

/** How long this takes, without the times in which a busy machine let this process do nothing. */
export async function awakeMs(work: () => Promise<unknown>): Promise<number> {
  let [spentMs, last] = [0, performance.now()];
  const look = (): void => {
    const now = performance.now();
    spentMs += Math.min(now - last, 2 * STEP_MS);
    last = now;
  };
  const timer = setInterval(look, STEP_MS);
  try {
    await work();
    look();
    return spentMs;
  } finally {
    clearInterval(timer);
  }
}
