import { raw2NextJobData, type Worker } from "bullmq";
import type { Redis } from "ioredis";
import { z } from "zod";
import { MicroBatch } from "../ledger/micro-batch.ts";
import { loadScript } from "../ledger/scripts.ts";
import { HISTORY, type JobData } from "./jobs.ts";

export type MoveOptions = {
  /** The worker's connection for commands. */
  readonly redis: Redis;
  readonly name: string;
  readonly lockMs: number;
};

type Move = {
  /** The job that ends; empty if none does. */
  readonly id: string;
  readonly lock: string;
  readonly attempts: number;
  /** As JSON. */
  readonly result: string;
  /** Another job is to start under the lock. */
  readonly starts: boolean;
};
type Moved = { readonly reply: z.infer<typeof Replies>[number]; readonly at: number };

const Replies = z.array(z.union([z.enum(["complete", "start"]), z.array(z.unknown())]));

/** The most jobs in one script call, since Redis serves nobody else meanwhile. */
const MAX_PER_CALL = 64;

/**
 * Lets one script call complete all jobs of the worker that end in one turn of the event loop, and start the next ones.
 * BullMQ makes a call for each job. That call would be the largest part of an event's cost.
 */
export function moveTogether(worker: Worker<JobData, string>, { redis, name, lockMs }: MoveOptions): void {
  const { backend } = worker;
  const move = loadScript(redis, "queue", "move-jobs");
  const scope = [backend.toKey("")];
  const complete = backend.moveToCompleted.bind(backend);
  const start = backend.moveToActive.bind(backend);

  const moves = new MicroBatch<Move, Moved>(MAX_PER_CALL, async (batch) => {
    const at = Date.now();
    const isStopping = worker.closing !== undefined || worker.isPaused();
    const args = batch.flatMap(({ id, lock, attempts, result, starts }) => {
      // A woken worker has taken the marker from the others, so only a start in place of an end can be left out.
      const isWanted = starts && (id === "" || !isStopping);
      return [id, lock, attempts, result, isWanted ? "1" : "0"];
    });
    const terms = [at, lockMs, name, HISTORY.count, HISTORY.age * 1_000];
    return Replies.parse(await move(scope, ...terms, ...args)).map((reply) => ({ reply, at }));
  });

  backend.moveToActive = async (lock) => {
    const { reply } = await moves.add({ id: "", lock, attempts: 0, result: "", starts: true });
    return typeof reply === "string" ? await start(lock, name) : nextJobOf(reply);
  };

  backend.moveToCompleted = async (job, value, keeps, lock, starts) => {
    const { id = "", parentKey, opts } = job;
    // Another history than the usual one, such as that of a large body, is trimmed by BullMQ.
    const isUnusual = keeps !== HISTORY || id === "" || parentKey !== undefined || opts.deduplication !== undefined;
    if (isUnusual) return await complete(job, value, keeps, lock, starts);
    // Nobody else counts attempts while the job is locked.
    const ending = { id, lock, attempts: job.attemptsMade + 1, result: JSON.stringify(value), starts };
    const { reply, at } = await moves.add(ending);
    if (reply === "complete") return await complete(job, value, keeps, lock, starts);
    const result = reply === "start" ? await start(lock, name) : nextJobOf(reply);
    return { result, finishedOn: at };
  };
}

/** Most started jobs come with their fields in one text, see `move-jobs.lua`. */
function nextJobOf([fields, id, limitMs, delayUntil, data]: readonly unknown[]): ReturnType<typeof raw2NextJobData> {
  const all = typeof fields === "string" ? [...fields.split("\0"), "data", data] : fields;
  return raw2NextJobData([all, id, limitMs, delayUntil]);
}
