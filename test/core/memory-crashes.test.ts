import { describe } from "vitest";
import { type CrashesSetup, crashesContract } from "../contracts/crashes.ts";
import { createMemoryCrashes } from "../support/memory-crashes.ts";
import { MemoryJobs } from "../support/memory-jobs.ts";
import { eventOf } from "./processor-setup.ts";

describe("the count of crashes in memory", () => crashesContract(setup));

async function setup(): ReturnType<CrashesSetup> {
  const jobs = new MemoryJobs();
  jobs.add(eventOf());
  let started = 0;
  return {
    crashes: createMemoryCrashes(jobs),
    async take() {
      const lock = `lock ${++started}`;
      const job = jobs.take(lock);
      if (!job) throw new Error("no job waits");
      return { start: { event: job.event, attempt: job.attempt.number, start: started }, lock };
    },
    stall: async ({ start }) => jobs.stall(start.event.id),
    async fail({ start, lock }) {
      jobs.delay(start.event.id);
      jobs.resume(start.event.id, lock);
    },
  };
}
