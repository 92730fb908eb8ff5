import { AsyncLocalStorage } from "node:async_hooks";
import { onTestFinished, type TestContext } from "vitest";

/** The test that runs here, in a lane with `side-by-side.ts`. */
export const running = new AsyncLocalStorage<TestContext>();

/** Vitest's `onTestFinished` for helpers: it does not know which test calls it where several run side by side. */
export function atEnd(end: () => unknown): void {
  const test = running.getStore();
  if (test) test.onTestFinished(async () => void (await end()));
  else onTestFinished(async () => void (await end()));
}
