import type { Schedule } from "./schedule.ts";

/** Schedules in which a promise was once broken: played first, at every run. */
export const SEEDS: readonly Schedule[] = [];
