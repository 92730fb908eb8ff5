import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import type { Job, Queue } from "bullmq";
import { CANARY_ID } from "../../core/canary.ts";

type Statuses = ReturnType<BullMQAdapter["getStatuses"]>;
type JobCounts = Awaited<ReturnType<BullMQAdapter["getJobCounts"]>>;
type JobStatuses = ReturnType<BullMQAdapter["getJobStatuses"]>;

/** Events have neither children nor priorities. */
const NEVER: ReadonlySet<string> = new Set(["waiting-children", "prioritized", "paused"]);
/** How many events are read from Redis at once. */
const CHUNK = 20;
/** A list of hundreds of events with bodies of 1 MiB would be built in memory several times. */
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

  override async getJob(id: string): Promise<Job | undefined> {
    return id === CANARY_ID ? undefined : await super.getJob(id);
  }

  override async getJobCounts(): Promise<JobCounts> {
    const [counts, canary] = await Promise.all([super.getJobCounts(), super.getJob(CANARY_ID)]);
    const state = await canary?.getState();
    return Object.fromEntries(
      Object.entries(counts).map(([name, count]) => [name, name === state ? Math.max(0, count - 1) : count]),
    );
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
