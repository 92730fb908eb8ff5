import type { Redis } from "ioredis";
import { z } from "zod";
import type { CrashCount, Crashes, JobStart } from "../core/isolation.ts";
import type { Keys } from "./keys.ts";
import { loadScript } from "./scripts.ts";

const Count = z.tuple([z.number(), z.number()]);

export type RedisCrashes = Crashes & {
  /**
   * The lock ran out although its process lives on, so that was no crash. Does nothing while the process still has it.
   */
  excuse(start: JobStart, lock: string): Promise<void>;
};

/** Keeps the count in the job itself. */
export function createCrashes(redis: Redis, { keysOf }: Keys): RedisCrashes {
  const script = loadScript(redis, "source", "crashes");

  return {
    count: (start) => note(start, "count"),
    startAlone: async (start) => void (await note(start, "alone")),
    giveBack: async (start) => void (await note(start, "back")),
    excuse: async (start, lock) => void (await note(start, "excuse", lock)),
  };

  async function note({ event, attempt, start }: JobStart, what: string, lock = ""): Promise<CrashCount> {
    const reply = await script(keysOf(event.source).scope, event.id, attempt - 1, start, what, lock);
    const [crashes, alone] = Count.parse(reply);
    return { crashes, alone };
  }
}
