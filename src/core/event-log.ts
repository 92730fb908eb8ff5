/**
 * The log of one event. Its lines carry the event's identity. The child logger is created for the first line: most
 * events log nothing, and it would cost more than the rest of the processor.
 */
import type { Logger } from "pino";
import type { CallbackEvent } from "./event.ts";

export type EventLog = () => Logger;

export function eventLog(log: Logger, event: CallbackEvent): EventLog {
  // A handler may keep the log. It must not keep the body in memory.
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
