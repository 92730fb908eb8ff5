/** The same jobs through BullMQ alone: no vendor, no ledger, no handler registry. This is the cost of the queue itself. */
import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { z } from "zod";
import { eventId, fingerprint } from "../../src/core/fingerprint.ts";
import type { JobData } from "../../src/queue/jobs.ts";
import { inTurn } from "../../src/simulators/kit/door.ts";
import { createSamples, EVENT_TYPES } from "../../src/simulators/tencent-vod/samples.ts";
import { now, type Routes, serve, startCost } from "../kit/serve.ts";

const Open = z.object({ redisUrl: z.string(), concurrency: z.number() });
const PREFIX = "{bench}";
const NAME = "events";
const BATCH = 16;
/** Jobs are added in parallel, since the worker pulls in parallel. A single lane would mostly wait for the disk. */
const LANES = 8;

/** The number of different bodies. A list of all jobs would fill most of this process's memory. */
const BODIES = 1_000;

const samples = createSamples(1);
const nextType = inTurn(EVENT_TYPES);
let cost = startCost();
let opened: ReturnType<typeof open> | undefined;
let made = 0;

const routes: Routes = {
  async open(input) {
    opened = open(Open.parse(input));
    await opened.ready;
  },
  /** Resolves with the seconds from adding the first job to finishing the last. */
  async run(input) {
    if (!opened) throw new Error("the queue is not open");
    const jobs = makeJobs(z.number().parse(input));
    made += jobs.length;
    cost = startCost();
    const started = now();
    await opened.run(jobs);
    return (now() - started) / 1_000;
  },
  cost: () => cost(),
};

serve(routes, () => made);

function open({ redisUrl, concurrency }: z.infer<typeof Open>) {
  const connect = (): Redis => new Redis(redisUrl, { maxRetriesPerRequest: null });
  const queue = new Queue<JobData>(NAME, { connection: connect(), prefix: PREFIX });
  const worker = new Worker<JobData>(NAME, async () => "handled", {
    connection: connect(),
    prefix: PREFIX,
    concurrency,
  });
  let left = 0;
  let done = Promise.withResolvers<void>();
  worker.on("completed", () => {
    left -= 1;
    if (left === 0) done.resolve();
  });
  worker.on("error", (err) => done.reject(err));
  return {
    ready: Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]),
    async run(jobs: NewJob[]): Promise<void> {
      left = jobs.length;
      done = Promise.withResolvers();
      await Promise.all([done.promise, ...Array.from({ length: LANES }, () => addAll(queue, jobs))]);
    },
  };
}

type NewJob = Parameters<Queue<JobData>["addBulk"]>[0][number];

/** The lanes share one list, like pulls share the vendor's queue. */
async function addAll(queue: Queue<JobData>, jobs: NewJob[]): Promise<void> {
  while (jobs.length > 0) await queue.addBulk(jobs.splice(-BATCH));
}

function makeJobs(count: number): NewJob[] {
  const bodies = Array.from({ length: Math.min(count, BODIES) }, makeData);
  return Array.from({ length: count }, (_, index): NewJob => {
    const data = bodies[index % bodies.length] ?? makeData();
    const opts = {
      jobId: eventId(data.source, samples.handle(), data.fingerprint),
      attempts: 20,
      backoff: { type: "custom" },
      removeOnComplete: { age: 3_600, count: 1_000 },
    };
    return { name: data.type, data, opts };
  });
}

function makeData(): JobData {
  const type = nextType();
  const body = samples.object(type, true);
  const source = "tencent-vod";
  const receivedAt = new Date().toISOString();
  return { vendor: source, source, door: "pull", type, receivedAt, fingerprint: fingerprint(source, body), body };
}
