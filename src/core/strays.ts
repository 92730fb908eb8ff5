/**
 * Rejections that nobody waits for. A handler that forgets to await a promise may return before that promise is rejected:
 * its event counts as handled, and Node would end the process without a word of which event it was. So whatever a handler
 * starts remembers the attempt that started it.
 *
 * A pool of connections, or another thing that a handler makes once and shares, belongs to the attempt that made it.
 */
import { AsyncLocalStorage } from "node:async_hooks";

type TellStray = (thrown: unknown) => void;

const attempts = new AsyncLocalStorage<TellStray>();

/** Runs it so that `tell` hears of rejections that it leaves to nobody, however much later. */
export function withStrays<T>(tell: TellStray, run: () => T): T {
  return attempts.run(tell, run);
}

/** To be called where Node reports an unhandled rejection. False if no handler started what was rejected. */
export function tellStray(thrown: unknown): boolean {
  const tell = attempts.getStore();
  tell?.(thrown);
  return tell !== undefined;
}
