import { realTimer } from "./sleep.ts";

export type Deadline = {
  /**
   * Is created when it is first asked for. Most handlers never ask, and creating a signal that follows another one
   * costs as much as the rest of an attempt.
   */
  signal(): AbortSignal;
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
  const over = createLateController();
  let isCleared = false;
  const follow = (): void => over.abort(end?.reason);
  const clear = timer(ms, () => {
    // Without a signal nobody has listened to `end` so far.
    if (end?.aborted) follow();
    else over.abort(late());
  });
  return {
    signal() {
      if (!over.isMade() && !isCleared) {
        if (end?.aborted) follow();
        else end?.addEventListener("abort", follow, { once: true });
      }
      return over.signal();
    },
    cut: () => over.abort(),
    clear() {
      clear();
      isCleared = true;
      if (over.isMade()) end?.removeEventListener("abort", follow);
    },
  };
}

type LateController = {
  readonly signal: () => AbortSignal;
  readonly isMade: () => boolean;
  /** The first reason counts. */
  abort(reason?: unknown): void;
};

/** An AbortController that is created when its signal is first asked for. */
export function createLateController(): LateController {
  let controller: AbortController | undefined;
  let ended: { readonly reason: unknown } | undefined;
  return {
    isMade: () => controller !== undefined,
    signal() {
      if (controller) return controller.signal;
      controller = new AbortController();
      if (ended) controller.abort(ended.reason);
      return controller.signal;
    },
    abort(reason) {
      ended ??= { reason };
      controller?.abort(reason);
    },
  };
}
