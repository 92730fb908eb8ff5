import { sleep } from "../../src/core/sleep.ts";

/** Looks every `everyMs`; false when `signal` aborted before it was so. */
export async function until(isSo: () => Promise<boolean>, everyMs: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await isSo()) return true;
    await sleep(everyMs, signal);
  }
  return false;
}
