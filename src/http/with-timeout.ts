/** A read times out after this, because its answer may have been lost with the connection. */
const FORGET_MS = 30_000;

/**
 * Reads with a time limit. `undefined` means that the answer did not come in time. Callers share a running read, so that
 * repeated probes do not pile up reads while Redis is away.
 */
export function withTimeout<T extends object>(read: () => Promise<T>, waitMs: number): () => Promise<T | undefined> {
  let running: { readonly answer: Promise<T>; readonly since: number } | undefined;

  return () => {
    if (!running || performance.now() - running.since > FORGET_MS) running = start();
    return atMost(waitMs, running.answer);
  };

  function start() {
    const started = { answer: Promise.resolve().then(read), since: performance.now() };
    const forget = () => {
      if (running === started) running = undefined;
    };
    started.answer.then(forget, forget);
    return started;
  }
}

async function atMost<T>(waitMs: number, answer: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), waitMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
