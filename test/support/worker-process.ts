import { onTestFinished } from "vitest";
import { type StartOptions, startWorkerProcess } from "./process.ts";
import { openWorld, type WorldOptions } from "./world.ts";

/** A world that is gone after the test. */
export async function setupWorld(options: WorldOptions) {
  const world = await openWorld(options);
  onTestFinished(() => world.close());
  return world;
}

/** A process that is killed after the test if it still lives. */
export function launch(options: Omit<StartOptions, "onSpawn">) {
  return startWorkerProcess({ ...options, onSpawn: (end) => onTestFinished(end) });
}
