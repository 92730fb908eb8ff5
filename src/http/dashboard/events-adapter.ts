import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import type { Job, Queue } from "bullmq";

type Statuses = ReturnType<BullMQAdapter["getStatuses"]>;
type JobStatuses = ReturnType<BullMQAdapter["getJobStatuses"]>;

/** Events have neither children nor priorities. */
const NEVER: ReadonlySet<string> = new Set(["waiting-children", "prioritized", "paused"]);
/** So many events are read from Redis at once. */
const CHUNK = 20;
/** A callback's body may have 1 MiB, and a list hundreds of events: it is built in memory, several times over. */
const MAX_LIST_BYTES = 4 * 1024 * 1024;
const LEFT_OUT = { leftOut: "this list is long enough; open the event to see its body" };

/** The queue as bull-board sees it: only the states that events have, and lists that fit into memory. */
export class EventsAdapter extends BullMQAdapter {
  readonly #queue: Queue;

  constructor(queue: Queue, options: ConstructorParameters<typeof BullMQAdapter>[1]) {
    super(queue, options);
    this.#queue = queue;
  }

  override getStatuses(): Statuses {
    return super.getStatuses().filter((status) => !NEVER.has(status));
  }

  override getJobStatuses(): JobStatuses {
    return super.getJobStatuses().filter((status) => !NEVER.has(status));
  }

  override async getJobs(statuses: JobStatuses, start = 0, end = 99): Promise<Job[]> {
    const known = statuses.filter((status) => status !== "paused");
    const ids = known.length > 0 ? await this.#queue.getRanges(known, start, end) : [];
    const jobs: Job[] = [];
    let bytes = 0;
    for (let at = 0; at < ids.length; at += CHUNK) {
      const chunk = await Promise.all(ids.slice(at, at + CHUNK).map(async (id) => await this.getJob(id)));
      for (const job of chunk.filter((found) => found !== undefined)) {
        const size = JSON.stringify([job.data, job.stacktrace]).length;
        if (bytes + size <= MAX_LIST_BYTES) bytes += size;
        else [job.data, job.stacktrace] = [LEFT_OUT, []];
        jobs.push(job);
      }
    }
    return jobs;
  }
}
