/**
 * A sink takes an event after its handler's success, such as the archive does. Only then does the event count as handled.
 * When the sink fails, the handler is not run again: the event's job notes the success, and its next attempts are the sink's.
 * The note costs nothing while the sink works, since it is written after a failure. So a process that ends between the
 * success and that moment leaves none, and the handler runs once more.
 */
import type { ResolvedHandler } from "./handlers.ts";
import type { Inbox } from "./inbox.ts";

/** Its attempts are counted from the handler's success on. */
export type Sink = ResolvedHandler & {
  /** For people, such as `the archive`. */
  readonly name: string;
  readonly notes: Pick<Inbox, "noteSuccess" | "succeededIn">;
};
