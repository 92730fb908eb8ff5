/**
 * The lines about one event carry its identity. Their log is made for the first of them: most events go by without a line,
 * and it costs more than all else that the processor does.
 */
import type { Logger } from "pino";
import type { CallbackEvent } from "./event.ts";

export type EventLog = () => Logger;

export function eventLog(log: Logger, event: CallbackEvent): EventLog {
  // A log that is kept must not keep the body.
  const identity = identityOf(event);
  return madeOnce(() => log.child(identity));
}

export function identityOf({ vendor, source, type, id }: CallbackEvent) {
  return { vendor, source, type, id };
}

export function madeOnce<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
