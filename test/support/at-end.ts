import { AsyncLocalStorage } from "node:async_hooks";
import { onTestFinished, type TestContext } from "vitest";

/** The current test, in a lane that uses `side-by-side.ts`. */
export const running = new AsyncLocalStorage<TestContext>();

/** `onTestFinished` for helpers. Vitest's own does not know its caller when several tests run side by side. */
export function atEnd(end: () => unknown): void {
  const test = running.getStore();
  if (test) test.onTestFinished(async () => void (await end()));
  else onTestFinished(async () => void (await end()));
}
