import { realTimer } from "./sleep.ts";

export type Deadline = {
  readonly signal: AbortSignal;
  /** Aborts it now. */
  cut(): void;
  /** Ends the deadline, so that it no longer aborts. */
  clear(): void;
};

/**
 * Aborts after `ms` with the reason that `late` makes, or with the reason of `end` if that aborts first.
 * It avoids AbortSignal.any: once `fetch` listens to such a signal, the signal lives as long as its longest-lived
 * source.
 */
export function startDeadline(
  ms: number,
  end?: AbortSignal,
  late = () => new Error(`not within ${ms} ms`),
  timer = realTimer,
): Deadline {
  const controller = new AbortController();
  const clear = timer(ms, () => controller.abort(late()));
  const follow = (): void => controller.abort(end?.reason);
  end?.addEventListener("abort", follow, { once: true });
  if (end?.aborted) follow();
  return {
    signal: controller.signal,
    cut: () => controller.abort(),
    clear() {
      clear();
      end?.removeEventListener("abort", follow);
    },
  };
}
