import { realTimer } from "./sleep.ts";

export type Deadline = {
  readonly signal: AbortSignal;
  /** Aborts it now. */
  cut(): void;
  /** What it was for is over: it aborts no more. */
  clear(): void;
};

/**
 * Aborts after `ms`, with the reason `late` makes, or with `end`, if that comes first. By hand: what AbortSignal.any makes
 * lives as long as the longest-lived of its sources once somebody listens to it, as `fetch` does and never stops doing.
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
