/**
 * A job that stands for no event: it goes through the queue once a minute, to measure how long that takes. The queue is
 * shared, so one is enough for all replicas, whichever of them sends it or takes it: what keeps a single replica from taking
 * jobs is seen by its own progress.
 */
export const CANARY_ID = "canary";
