import type { JobProgress, Queue } from "bullmq";
import type { Logger } from "pino";
import { z } from "zod";
import type { EventRef, JsonValue } from "../core/event.ts";
import { PAGE_LIMITS } from "../core/page-lines.ts";

export type NotesOptions = {
  /** The queue that has the source's jobs. */
  readonly queueOf: (source: string) => Pick<Queue, "addJobLog" | "updateJobProgress">;
  readonly log: Logger;
};

/** Writes a line on an event's page at once. The line is part of the event's job. Without a job nothing is written. */
export function createNotes({ queueOf, log }: NotesOptions) {
  return {
    note({ source, id }: EventRef, line: string): void {
      queueOf(source).addJobLog(id, line, PAGE_LIMITS.lines).catch(failed(id));
    },
    showProgress({ source, id }: EventRef, progress: JsonValue): void {
      queueOf(source).updateJobProgress(id, z.custom<JobProgress>().parse(progress)).catch(failed(id));
    },
  };

  function failed(id: string) {
    return (err: unknown): void => log.debug({ err, id }, "nothing on the event's page");
  }
}
