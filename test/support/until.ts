import { sleep } from "../../src/core/sleep.ts";

type Options = { readonly timeoutMs?: number; readonly pauseMs?: number };

/** Waits for a fact without a test runner. On timeout, the error names `what`. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { timeoutMs = 30_000, pauseMs = 20 }: Options = {},
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`waited ${timeoutMs / 1_000} s in vain until ${what}`);
    await sleep(pauseMs);
  }
}
