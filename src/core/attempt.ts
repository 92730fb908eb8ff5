/** One attempt of a handler, from its start until it settles or is given up. */
import { createLateController, startDeadline } from "./deadline.ts";
import type { EventRef } from "./event.ts";
import { type ContextOptions, createContext } from "./context.ts";
import { messageOf, toError } from "./failure.ts";
import type { ResolvedHandler } from "./handlers.ts";
import type { Hold } from "./holder.ts";
import type { Left } from "./inbox.ts";
import { OFTEN } from "./log-groups.ts";
import type { Meter } from "./meter.ts";
import { LONGEST_TIMER_MS, realTimer, type Timer } from "./sleep.ts";
import { withStrays } from "./strays.ts";

/** `thrown` decides what follows. `error` describes it for people to read. */
export type Failure = { readonly thrown: unknown; readonly error: Error };

export type EndedAttempt = { readonly failure?: Failure; readonly left: Left };

type AttemptOptions = ContextOptions & {
  readonly handler: ResolvedHandler;
  /** The name of the code that runs, for log lines and messages. */
  readonly what?: string | undefined;
  readonly meter: Meter;
  /** Aborts when the process must end. */
  readonly ending: AbortSignal;
  /** Times the timeout. The real clock is the default. */
  readonly timer?: Timer | undefined;
  readonly hold?: Hold | undefined;
  readonly note?: (event: EventRef, line: string) => void;
};

/** How long a handler may ignore its signal before the attempt is given up with the handler still running. */
const GIVE_UP_MS = 10_000;

/**
 * Runs the handler until it settles. A handler that ignores its signal is abandoned after a while. If the signal has
 * aborted, the failure carries the signal's reason. Errors of the handler's own interrupted calls do not replace it.
 */
export async function runAttempt(options: AttemptOptions): Promise<EndedAttempt> {
  const { handler, event, what = "the handler", log, ending, timer = realTimer, hold } = options;
  const late = (): Error => new Error(`${what} took longer than ${handler.timeoutMs} ms`);
  const deadline = startDeadline(Math.min(handler.timeoutMs, LONGEST_TIMER_MS), ending, late, timer);
  const settled = createLateController();
  hold?.(event, settled.signal);
  const { context, left } = createContext(options, { deadline, settled: settled.signal });
  const run = async (): Promise<unknown> => handler.run(context);
  const givenUp = Promise.withResolvers<never>();
  const clear = timer(handler.timeoutMs + GIVE_UP_MS, () => {
    log().error(OFTEN, `${what} ignores its signal; it is given up and may still be running`);
    givenUp.reject(deadline.signal().reason);
  });
  try {
    await Promise.race([withStrays(strayTeller(options), run), givenUp.promise]);
    return { left: left() };
  } catch (thrown) {
    const signal = deadline.signal();
    const error = toError(thrown, signal.aborted ? signal.reason : undefined);
    return { failure: { thrown, error }, left: left() };
  } finally {
    clear();
    deadline.clear();
    // Pass a reason: an abort without one creates a DOMException with a stack each time.
    settled.abort("settled");
  }
}

const STRAY = "a promise that the handler does not wait for was rejected: await it, or the event counts as handled";

/** Unfinished work of a handler may live as long as the process. It must not keep the body in memory. */
function strayTeller({ event: { id, fingerprint, source, type }, attempt, log, meter, note }: AttemptOptions) {
  return (thrown: unknown): void => {
    log().error({ err: thrown, attempt }, STRAY);
    meter.count("stray_rejections", { source, type });
    note?.({ id, fingerprint, source }, `attempt ${attempt}: ${STRAY}: ${messageOf(thrown)}`);
  };
}
