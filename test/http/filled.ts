import { Worker } from "bullmq";
import type { Job } from "bullmq";
import { onTestFinished } from "vitest";
import { setupRedis } from "../support/redis.ts";
import { setup, type Changes } from "./setup.ts";

export const DAY_MS = 86_400_000;

/** A server whose queue holds one event in each state. */
export async function filled(changes: Changes = {}) {
  const served = await setup(changes);
  const { queue } = served;
  const { url } = setupRedis();
  const worker = new Worker(queue.name, null, { connection: { url }, prefix: queue.opts.prefix ?? "" });
  onTestFinished(() => worker.close());
  await queue.add("FileDeleted", { type: "FileDeleted", body: {} }, { jobId: "e-failed" });
  await (await next(worker)).moveToFailed(new Error("the file service answered 500"), "test");
  await queue.add("NewFileUpload", { type: "NewFileUpload", body: {} }, { jobId: "e-completed" });
  await (await next(worker)).moveToCompleted("", "test", false);
  await queue.add("NewFileUpload", { type: "NewFileUpload", body: {} }, { jobId: "e-active" });
  await next(worker);
  await queue.add("NewFileUpload", { type: "NewFileUpload", body: {} }, { jobId: "e-waiting" });
  await queue.add("NewFileUpload", { type: "NewFileUpload", body: {} }, { jobId: "e-delayed", delay: DAY_MS });
  return served;
}

async function next(worker: Worker): Promise<Job> {
  const job = await worker.getNextJob("test");
  if (!job) throw new Error("no job is waiting");
  return job;
}
