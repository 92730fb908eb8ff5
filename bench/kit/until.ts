import { sleep } from "../../src/core/sleep.ts";

/** Looks every `everyMs`. Resolves with false if `signal` aborts first. */
export async function until(isSo: () => Promise<boolean>, everyMs: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await isSo()) return true;
    await sleep(everyMs, signal);
  }
  return false;
}
