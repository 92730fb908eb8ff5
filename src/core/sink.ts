/**
 * A sink, such as the archive, takes an event after its handler's success. Only then does the event count as handled.
 * If the sink fails, the handler is not run again: the event's job records the success, and the next attempts run only
 * the sink.
 *
 * The record is written only after a failure, so it costs nothing while the sink works. The limit: a process that ends
 * between the success and that write leaves no record, and the handler runs once more.
 */
import type { ResolvedHandler } from "./handlers.ts";
import type { Inbox } from "./inbox.ts";

/** Its attempts are counted from the handler's success on. */
export type Sink = ResolvedHandler & {
  /** Names it in messages, such as `the archive`. */
  readonly name: string;
  readonly notes: Pick<Inbox, "noteSuccess" | "succeededIn">;
};
