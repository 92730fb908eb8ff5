import { type Job, Queue } from "bullmq";
import type { Logger } from "pino";
import type { Keys } from "../ledger/keys.ts";
import { addCommonOptions, type JobData, jobOptions, STREAMS } from "./jobs.ts";
import type { Shard } from "./shards.ts";

type QueuesOptions = { readonly attempts: number; readonly log: Logger };

/** BullMQ's queue of each shard. */
export function createQueues(
  shards: readonly Pick<Shard, "redis" | "keys">[],
  { learn }: Pick<Keys, "learn">,
  { attempts, log }: QueuesOptions,
) {
  const queues = shards.map(({ redis, keys }) => {
    const queue = new Queue<JobData>(keys.queue.name, {
      connection: redis,
      prefix: keys.queue.prefix,
      skipVersionCheck: false,
      streams: STREAMS,
      defaultJobOptions: jobOptions(attempts),
    });
    queue.on("error", (err) => log.debug({ err }, "queue connection"));
    const getOwn = queue.getJob.bind(queue);
    queue.getJob = async (id) => {
      const job = await getOwn(id);
      if (job) addCommonOptions(job);
      return job;
    };
    return queue;
  });
  const [first] = queues;
  if (!first) throw new Error("there is no shard");
  return { queues, first, getJob, closeAll };

  async function getJob(id: string): Promise<Job<JobData> | undefined> {
    for (const [shard, queue] of queues.entries()) {
      const job = await queue.getJob(id);
      if (!job) continue;
      learn(job.data.source, shard);
      return job;
    }
    return undefined;
  }

  /** An orderly close would wait for a Redis that is away. No work of ours is under way any more. */
  async function closeAll(): Promise<void> {
    const closable = queues.filter((_, shard) => shards[shard]?.redis.status === "ready");
    await Promise.all(closable.map((queue) => queue.close()));
  }
}
