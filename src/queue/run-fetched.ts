import type { Worker } from "bullmq";

/** The time at which the next delayed job is due, as BullMQ reads it. */
const LONG_AGO = 1;

/**
 * BullMQ fetches jobs one after the other until all places are taken, and only then runs the first one. A job's lock is
 * renewed only from its run on. With a slow Redis, fetching takes longer than a lock lasts. So each job runs before the
 * next one is fetched, and its lock is renewed from the fetch on.
 */
export function runFetched(worker: Worker): void {
  const { backend } = worker;
  const fetchNext = backend.moveToActive.bind(backend);

  backend.moveToActive = async (lock, name) => {
    const next: unknown[] = await fetchNext(lock, name);
    // While a delayed job is due, BullMQ runs each job before it fetches the next one.
    return next[0] ? [...next.slice(0, 3), LONG_AGO] : next;
  };
  // Jobs that were fetched at another job's end may wait for the same reason.
  worker.on("active", ({ id = "", token = "", processedOn = Date.now() }) => {
    worker["lockManager"].trackJob(id, token, processedOn);
  });
}
