import { sleep } from "./sleep.ts";

export type RepeatOptions = {
  /** From the end of one look to the start of the next. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /** Called if a look failed. The loop goes on. */
  readonly failed: (err: unknown) => void;
};

/** Looks now, and again after each pause, until `signal` aborts. Never rejects. */
export async function repeat(look: () => Promise<void>, { everyMs, signal, failed }: RepeatOptions): Promise<void> {
  while (!signal.aborted) {
    await look().catch(failed);
    await sleep(everyMs, signal);
  }
}

/** The same, but with a pause before the first look. */
export async function repeatLater(look: () => Promise<void>, options: RepeatOptions): Promise<void> {
  await sleep(options.everyMs, options.signal);
  await repeat(look, options);
}
