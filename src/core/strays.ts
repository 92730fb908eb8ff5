/**
 * Rejections that no code awaits. A handler that forgets to await a promise may return before that promise rejects. Its
 * event then counts as handled, and Node would end the process without naming the event. So the attempt is attached to
 * all work that its handler starts.
 *
 * A shared object that a handler creates once, such as a connection pool, belongs to the attempt that created it.
 */
import { AsyncLocalStorage } from "node:async_hooks";

type TellStray = (thrown: unknown) => void;

const attempts = new AsyncLocalStorage<TellStray>();

/** Runs `run`. Calls `tell` for each unawaited rejection from it, even much later. */
export function withStrays<T>(tell: TellStray, run: () => T): T {
  return attempts.run(tell, run);
}

/** Call this where Node reports an unhandled rejection. False if no handler started the rejected promise. */
export function tellStray(thrown: unknown): boolean {
  const tell = attempts.getStore();
  tell?.(thrown);
  return tell !== undefined;
}
