/** The same jobs through BullMQ with nothing around it: no vendor, no ledger, no handler registry. What the queue itself costs. */
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { z } from "zod";
import { eventId, fingerprint } from "../../src/core/fingerprint.ts";
import type { JobData } from "../../src/queue/jobs.ts";
import { inTurn } from "../../src/simulators/kit/door.ts";
import { createSamples, EVENT_TYPES } from "../../src/simulators/tencent-vod/samples.ts";
import { now, serve, startCost } from "../serve.ts";

const Run = z.object({ redisUrl: z.string(), events: z.number(), concurrency: z.number() });
const PREFIX = "{bench}";
const NAME = "events";
const BATCH = 16;
/** As the worker pulls in parallel, so this adds in parallel: one at a time would wait for the disk most of the time. */
const LANES = 8;

let cost = startCost();

serve({
  /** Resolves with the seconds from the first job added to the last one done. */
  async run(input) {
    const { redisUrl, events, concurrency } = Run.parse(input);
    const jobs = makeJobs(events);
    const connect = (): Redis => new Redis(redisUrl, { maxRetriesPerRequest: null });
    const queue = new Queue<JobData>(NAME, { connection: connect(), prefix: PREFIX });
    const done = Promise.withResolvers<void>();
    let left = events;
    const worker = new Worker<JobData>(NAME, async () => "handled", {
      connection: connect(),
      prefix: PREFIX,
      concurrency,
    });
    worker.on("completed", () => {
      left -= 1;
      if (left === 0) done.resolve();
    });
    worker.on("error", (err) => done.reject(err));
    await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);

    cost = startCost();
    const started = now();
    await Promise.all([done.promise, ...Array.from({ length: LANES }, () => addAll(queue, jobs))]);
    return (now() - started) / 1_000;
  },
  cost: () => cost(),
});

type NewJob = Parameters<Queue<JobData>["addBulk"]>[0][number];

/** Lanes share the list, as pulls share the vendor's queue. */
async function addAll(queue: Queue<JobData>, jobs: NewJob[]): Promise<void> {
  while (jobs.length > 0) await queue.addBulk(jobs.splice(-BATCH));
}

function makeJobs(count: number): NewJob[] {
  const samples = createSamples(1);
  const nextType = inTurn(EVENT_TYPES);
  const receivedAt = new Date().toISOString();
  return Array.from({ length: count }, (): NewJob => {
    const type = nextType();
    const body = samples.object(type, true);
    const source = "tencent-vod";
    const content = fingerprint(source, body);
    const data: JobData = { vendor: source, source, door: "pull", type, receivedAt, fingerprint: content, body };
    const opts = {
      jobId: eventId(source, samples.handle(), content),
      attempts: 20,
      backoff: { type: "custom" },
      removeOnComplete: { age: 3_600, count: 1_000 },
    };
    return { name: type, data, opts };
  });
}
