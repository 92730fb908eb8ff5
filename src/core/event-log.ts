/**
 * The lines about one event carry its identity. Their log is made for the first of them: most events go by without a line,
 * and it costs more than all else that the processor does.
 */
import type { Logger } from "pino";
import type { CallbackEvent } from "./event.ts";
import type { HandlerContext, Step } from "./handler.ts";
import { AS_IT_IS } from "./log-groups.ts";

export type EventLog = () => Logger;

export function eventLog(log: Logger, event: CallbackEvent): EventLog {
  // A log that is kept must not keep the body.
  const identity = identityOf(event);
  return madeOnce(() => log.child(identity));
}

/** The handler's context. Its log is made when the handler asks for it. */
export function contextOf(
  { event, attempt, log }: { readonly event: CallbackEvent; readonly attempt: number; readonly log: EventLog },
  signal: AbortSignal,
  step: Step,
): HandlerContext {
  const own = madeOnce(() => log().child(AS_IT_IS));
  return {
    event,
    attempt,
    signal,
    step,
    get log() {
      return own();
    },
  };
}

export function identityOf({ vendor, source, type, id }: CallbackEvent) {
  return { vendor, source, type, id };
}

function madeOnce<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
