import type { Queue } from "bullmq";
import type { Logger } from "pino";
import type { EventRef } from "../core/event.ts";

export type NotesOptions = {
  readonly queue: Pick<Queue, "addJobLog">;
  readonly log: Logger;
};

/** So many lines are kept of one event, the last ones. */
const MOST = 20;

/** Writes a line on the page of an event. It goes with the event's job; without one it is not written. */
export function createNotes({ queue, log }: NotesOptions) {
  return ({ id }: EventRef, line: string): void => {
    queue.addJobLog(id, line, MOST).catch((err: unknown) => log.debug({ err, id }, "no line on the event's page"));
  };
}
